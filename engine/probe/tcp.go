package probe

import (
	"context"
	"errors"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

var tcpKind = &rules.Kind{
	Name:      "tcp",
	Doc:       "Opens a TCP connection (RFC 9293) and, if asked to, reads the first bytes. An attempt is given up after 5 s.",
	TargetDoc: "Name or address of the host. The addresses of a name are tried one after another, in the system's order, until one accepts.",
	Args: []rules.Attribute{
		{Name: "port", Type: cty.Number, Required: true, Check: wholeNumber(1, 65535),
			Doc: "Port to connect to, from 1 to 65535."},
		{Name: "source", Type: cty.String, Check: ipAddress,
			Doc: "Own IP address to connect from. Left out, the system chooses."},
		{Name: "send", Type: cty.String,
			Doc: "Text to send once the connection stands. Nothing is added to it: write line ends as \\r\\n."},
		{Name: "expect_bytes", Type: cty.Number, Check: wholeNumber(0, maxReceived), Default: cty.NumberIntVal(0),
			Doc: "How many bytes to wait for, up to 65536: reading ends when so many are in, when the peer closes or after 5 s without a byte. With 0 nothing is read."},
	},
	Result: []rules.Attribute{
		{Name: "connected", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the connection was established."},
		{Name: "refused", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the attempt was answered with a refusal: with icmp.type null it was the host's own reset (no program listens on the port), otherwise an ICMP error of icmp.sender."},
		{Name: "timed_out", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the attempt ended without any answer."},
		{Name: "address", Type: cty.String,
			Doc: "The address that decided: the one that accepted, else the one whose failure is reported here (an answer weighs more than silence, an earlier address more than a later). Null when the name has no address."},
		{Name: "connect_ms", Type: cty.Number,
			Doc: "Milliseconds that the handshake took; null without a connection."},
		{Name: "received", Type: cty.String, NeverNull: true,
			Doc: "What the peer sent, at most expect_bytes of it: text as it came, bytes that are not text as \\xNN. Empty if nothing came, unknown if expect_bytes is 0."},
		localErrorAttribute,
		icmpAttribute,
	},
}

// maxReceived bounds what is kept of a peer's bytes: a banner or a reply, not
// a download.
const maxReceived = 1 << 16

func observeTCP(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
	return tcpKind.UnknownResult(), errors.New("tcp: not observed")
}
