package probe

import (
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// localErrorAttribute is why the own system did not send.
var localErrorAttribute = language.Attribute{Name: "local_error", Type: cty.String,
	Domain: language.OneOf(netconn.LocalErrors...),
	Doc:    `Why this computer itself did not send: "no_route" (none, or a route of type unreachable), "prohibited" or "blackhole" (a route of that type), "filtered" (its own firewall) or "address_unavailable" (no local port is left to connect from, or the source is not an address of this computer); null when it did send.`}
