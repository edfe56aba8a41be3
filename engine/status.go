package engine

// A StatusType is a status with its meaning, for help and reference pages.
type StatusType struct {
	Status Status
	Doc    string // a whole sentence
}

// Statuses lists how a check can come out, the good ones first.
func Statuses() []StatusType {
	return []StatusType{
		{Pass, "The condition to pass holds."},
		{Warn, "It passed with something to say, or it did not pass for a cause that is only a warning. What comes after it goes on."},
		{Fail, "The condition to pass does not hold. What comes after it is blocked."},
		{Error, "The question could not be asked or stayed unanswered, or the rule itself broke. It is neither a pass nor a fail; what comes after it is blocked."},
		{Blocked, "Something that it comes after failed, was an error or is itself blocked. It was not tried."},
		{Skipped, "It was not meant to run: its condition when is false, it has no target, it was filtered out or waived. What comes after it goes on behind what it comes after itself."},
	}
}
