package probe

import (
	"slices"

	"github.com/linecheck/linecheck/rules"
)

// neverAttempted is what no attempt to connect ends in, and neverConnected what
// setConnection never states.
var (
	neverAttempted = []rules.Contradiction{
		excludes(isTrue("connected"), isTrue("refused"), there("local_error"), seen("icmp")),
		excludes(isTrue("refused"), isTrue("timed_out"), there("local_error")),
		excludes(there("local_error"), seen("icmp")),
		excludes(isTrue("timed_out"), seen("icmp")),
	}
	neverConnected = slices.Concat(neverAttempted, []rules.Contradiction{
		excludes(isTrue("connected"), none("connect_ms")),
		excludes(isFalse("connected"), there("connect_ms")),
	})
)

// setConnection states the connection's part of a result: connected, refused, timed_out,
// connect_ms, local_error and icmp.
func setConnection(r *result, c *connection) {
	r.set("connected", c.conn != nil)
	r.set("refused", c.refused)
	r.set("timed_out", c.timedOut)
	r.set("connect_ms", nil)
	if c.conn != nil {
		r.set("connect_ms", milliseconds(c.elapsed))
	}
	r.set("local_error", nullIfEmpty(c.localError))
	if c.icmpObserved {
		r.set("icmp", icmpFields(c.icmp))
	}
}

// setTarget states the attributes that every kind which connects has in common.
func setTarget(r *result, c *targetConnection) {
	setConnection(r, c.connection)
	r.set("address", c.address)
}
