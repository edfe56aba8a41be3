package probe

import (
	"errors"
	"syscall"

	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

// localErrorAttribute is why the own system did not send.
var localErrorAttribute = rules.Attribute{Name: "local_error", Type: cty.String,
	Domain: rules.OneOf("no_route", "prohibited", "blackhole", "filtered", "address_unavailable"),
	Doc:    `Why this computer itself did not send: "no_route" (none, or a route of type unreachable), "prohibited" or "blackhole" (a route of that type), "filtered" (its own firewall) or "address_unavailable" (no local port is left to connect from, or the source is not an address of this computer); null when it did send.`}

// localError is the word for err, which opening a socket, binding it or
// sending with it returned; "" where err says nothing about the network.
func localError(err error) string {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return ""
	}
	return localErrorWords[errno]
}

// isRefused reports whether err says that the peer refused the connection.
func isRefused(err error) bool { return errors.Is(err, errnoRefused) }

// localErrorValue is a local error word as an attribute: null for none.
func localErrorValue(word string) any {
	if word == "" {
		return nil
	}
	return word
}
