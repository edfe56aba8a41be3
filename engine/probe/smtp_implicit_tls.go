package probe

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/zclconf/go-cty/cty"
)

// implicitTLSPatience is how long the look for TLS may take on a port where
// nothing was said. A TLS server answers a ClientHello at once.
const implicitTLSPatience = 800 * time.Millisecond

// A silentPort is what came of speaking first on a port that said nothing.
type silentPort struct {
	looked bool
	answer []byte
}

// speakFirst opens a second connection to a service that was silent on the
// first, and sends it a TLS ClientHello (RFC 8446, 4.1.2), as a client of RFC
// 8314's implicit TLS does.
func speakFirst(ctx context.Context, w *engine.World, address netip.AddrPort, serverName string) silentPort {
	ctx, cancel := context.WithTimeout(ctx, implicitTLSPatience)
	defer cancel()
	c, err := netconn.Connect(ctx, w, netconn.Options{Address: address})
	if err != nil || c.Conn == nil {
		return silentPort{}
	}
	defer c.Conn.Close()
	defer netconn.Interruptible(ctx, c.Conn)()
	netconn.SetDeadline(ctx, c.Conn, implicitTLSPatience)
	heard := &prefixRecorder{Conn: c.Conn}
	// Whether a session comes about does not matter: see heard.
	tls.Client(heard, observingTLSConfig(serverName)).HandshakeContext(ctx)
	return silentPort{looked: true, answer: heard.first}
}

// setTLSFirst states whether the port speaks TLS from the first byte on; look
// tries that where a connection stood and not one byte came.
func (d *smtpDialogue) setTLSFirst(r *result, look func() silentPort) {
	r.set("provoked", nil)
	r.set("expects_tls", isTLS(d.greeting.raw))
	if d.conn == nil || len(d.greeting.raw) > 0 {
		return
	}
	switch port := look(); {
	case !port.looked:
		r.set("expects_tls", cty.UnknownVal(cty.Bool).RefineNotNull())
	case isTLS(port.answer):
		r.set("expects_tls", true)
	case len(port.answer) > 0:
		r.set("provoked", oneLine(port.answer))
	}
}

// isTLS reports whether bytes begin with a TLS record (RFC 8446, 5.1): a
// handshake or an alert of any version.
func isTLS(b []byte) bool {
	return len(b) >= 2 && (b[0] == 22 || b[0] == 21) && b[1] == 3
}

// A prefixRecorder keeps the first bytes that a connection reads.
type prefixRecorder struct {
	net.Conn
	first []byte
}

func (h *prefixRecorder) Read(b []byte) (int, error) {
	n, err := h.Conn.Read(b)
	if room := maxReplyLine - len(h.first); room > 0 {
		h.first = append(h.first, b[:min(n, room)]...)
	}
	return n, err
}
