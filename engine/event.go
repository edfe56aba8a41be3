package engine

import "time"

// An Event is told to World.Notify.
type Event struct {
	Time time.Duration // since the run began
	// Check is the check that started (Report nil) or ended (Report set).
	// Nothing in Report changes any more.
	Check  string
	Report *CheckReport
	// Fact is the fact whose gathering started or ended.
	Fact string
	Done bool
}
