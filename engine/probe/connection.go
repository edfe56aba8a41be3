package probe

import (
	"slices"

	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/linecheck/linecheck/rules/language"
)

// neverAttempted is what no attempt to connect ends in, and neverConnected what
// setConnection never states.
var (
	neverAttempted = []language.Contradiction{
		excludes(isTrue("connected"), isTrue("refused"), there("local_error"), hasICMPError("icmp")),
		excludes(isTrue("refused"), isTrue("timed_out"), there("local_error")),
		excludes(there("local_error"), hasICMPError("icmp")),
		excludes(isTrue("timed_out"), hasICMPError("icmp")),
	}
	neverConnected = slices.Concat(neverAttempted, []language.Contradiction{
		excludes(isTrue("connected"), none("connect_ms")),
		excludes(isFalse("connected"), there("connect_ms")),
	})
)

// setConnection states the connection's part of a result: connected, refused, timed_out,
// connect_ms, local_error and icmp.
func setConnection(r *result, c *netconn.Connection) {
	r.set("connected", c.Conn != nil)
	r.set("refused", c.Refused)
	r.set("timed_out", c.TimedOut)
	r.set("connect_ms", nil)
	if c.Conn != nil {
		r.set("connect_ms", milliseconds(c.Elapsed))
	}
	r.set("local_error", nullIfEmpty(c.LocalError))
	if c.ICMPObserved {
		r.set("icmp", icmpFields(c.ICMP))
	}
}

// setTarget states the attributes that every kind which connects has in common.
func setTarget(r *result, c *netconn.TargetConnection) {
	setConnection(r, c.Connection)
	r.set("address", c.Address)
}
