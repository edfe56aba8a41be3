package probe

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

var tcpKind = &language.Kind{
	Name:       "tcp",
	Doc:        "Opens a TCP connection (RFC 9293) and, if asked to, reads the first bytes. An attempt is given up after 5 s.",
	ByHand:     "nc -v -z -w 5 {target} {port}",
	TargetDoc:  "Name or address of the host. The addresses of a name are tried one after another, in the system's order, until one accepts; a name that has none is an error.",
	TargetHost: true,
	Args: []language.Attribute{
		{Name: "port", Type: cty.Number, Required: true, Domain: language.WholeBetween(1, 65535),
			Doc: "Port to connect to, from 1 to 65535."},
		{Name: "source", Type: cty.String, Domain: language.Judged(ipAddress),
			Doc: "Own IP address to connect from. Left out, the system chooses."},
		{Name: "send", Type: cty.String,
			Doc: "Text to send once the connection stands. Nothing is added to it: write line ends as \\r\\n."},
		{Name: "expect_bytes", Type: cty.Number, Domain: language.WholeBetween(0, maxReceived), Default: cty.NumberIntVal(0),
			Doc: "How many bytes to wait for, up to 65536: reading ends when so many are in, when the peer closes or after 5 s without a byte. With 0 nothing is read."},
	},
	Result: []language.Attribute{
		{Name: "connected", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the connection was established."},
		{Name: "refused", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the attempt was answered with a refusal: with icmp.type null it was the host's own reset (no program listens on the port), otherwise an ICMP error of icmp.sender."},
		{Name: "timed_out", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the attempt ended without any answer."},
		{Name: "address", Type: cty.String, Domain: anAddress,
			Doc: "The address that decided: the one that accepted, else the one whose failure is reported here (an answer weighs more than silence, an earlier address more than a later)."},
		{Name: "connect_ms", Type: cty.Number, Domain: language.NumberFrom(0),
			Doc: "Milliseconds that the handshake took; null without a connection."},
		{Name: "received", Type: cty.String, NeverNull: true,
			Doc: "What the peer sent, at most expect_bytes of it: text as it came, bytes that are not text as \\xNN. Empty if nothing came, unknown if expect_bytes is 0."},
		localErrorAttribute,
		icmpAttribute,
	},
	Never: slices.Concat(neverConnected, []language.Contradiction{
		excludes(isTrue("timed_out"), isTrue("connected"), there("local_error")),
		excludes(filled("received"), isFalse("connected"), isZero("argument.expect_bytes")),
	}),
}

// maxReceived bounds what is kept of a peer's bytes: a banner or a reply, not
// a download.
const maxReceived = 1 << 16

// readPatience is how long the tcp kind waits for the next bytes of a peer.
const readPatience = 5 * time.Second

func observeTCP(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
	r := newResult(tcpKind)
	source, _ := netip.ParseAddr(stringArg(q.Args["source"]))
	c, err := netconn.ConnectTarget(ctx, w, netconn.Endpoint{Host: q.Target, Port: uint16(intArg(q.Args["port"])), Source: source})
	if err != nil {
		return cty.NilVal, err
	}
	if c.Cut {
		return r.value(), nil
	}
	setTarget(r, c)
	wanted := intArg(q.Args["expect_bytes"])
	if c.Conn == nil {
		if wanted > 0 {
			r.set("received", "")
		}
		return r.value(), nil
	}
	defer c.Conn.Close()
	defer netconn.Interruptible(ctx, c.Conn)()

	if text := stringArg(q.Args["send"]); text != "" {
		netconn.SetDeadline(ctx, c.Conn, readPatience)
		// A peer that takes nothing may still have said something.
		c.Conn.Write([]byte(text))
	}
	if wanted > 0 {
		began := time.Now()
		received := readUpTo(ctx, c.Conn, wanted)
		if len(received) > 0 || ctx.Err() == nil || netconn.SilenceCounts(ctx, began) {
			r.set("received", terminal.Spell(string(received), "\r\n\t"))
		}
	}
	return r.value(), nil
}

// readUpTo reads until so many bytes are in, the peer closes or stays silent
// for readPatience, or ctx ends.
func readUpTo(ctx context.Context, conn net.Conn, wanted int) []byte {
	received := make([]byte, 0, wanted)
	for len(received) < wanted {
		netconn.SetDeadline(ctx, conn, readPatience)
		n, err := conn.Read(received[len(received):wanted])
		received = received[:len(received)+n]
		if err != nil {
			break
		}
	}
	return received
}

func summariseTCP(result cty.Value) string {
	o := observed{result}
	return summariseConnection(o, "connected"+o.ms("connect_ms"))
}
