package engine

// Statuses lists how a check can come out, the good ones first.
func Statuses() []Status { return []Status{Pass, Warn, Fail, Error, Blocked, Skipped} }

// Doc is what a status of a check means, in whole sentences for help and
// reference pages.
func (s Status) Doc() string {
	switch s {
	case Pass:
		return "The condition to pass holds."
	case Warn:
		return "It passed with something to say, or it did not pass for a cause that is only a warning. What comes after it goes on."
	case Fail:
		return "The condition to pass does not hold. What comes after it is blocked."
	case Error:
		return "The question could not be asked or stayed unanswered, or the rule itself broke. It is neither a pass nor a fail; what comes after it is blocked."
	case Blocked:
		return "Something that it comes after failed, was an error or is itself blocked. It was not tried."
	case Skipped:
		return "It was not meant to run: its condition when is false, it has no target, it was filtered out or waived. What comes after it goes on behind what it comes after itself."
	}
	return "" // no status of a check
}
