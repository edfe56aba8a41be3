package engine

import "time"

// An Event is told to World.Notify.
type Event struct {
	Time time.Duration // since the run began
	// Check is the address of the check that started (Report nil) or ended
	// (Report set). One that is blocked or skipped ends without a start.
	// Report is a copy that nothing changes any more; its Blocks is empty,
	// because what is blocked is known at the end of the run only.
	Check  string
	Report *CheckReport
	// Fact is the address of the fact whose gathering started, or ended (Done).
	Fact string
	Done bool
}
