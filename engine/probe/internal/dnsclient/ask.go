package dnsclient

import (
	"context"
	"net"
	"net/netip"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/linecheck/linecheck/rules/panics"
	"github.com/miekg/dns"
)

// TCPErrors are why an answer that did not fit into UDP could not be had
// over TCP.
var TCPErrors = []string{"refused", "timed_out", "closed", "turned_away", "not_sent"}

// ask puts one question to a server. It leaves out EDNS for a server that
// can't stand it (RFC 6891, 7), and asks again over TCP when the answer did
// not fit (RFC 7766, 5); where TCP gives nothing the cut answer stands, and
// what it holds is no answer to programs either.
func (c Client) ask(ctx context.Context, server netip.AddrPort, name string, qtype uint16) serverReply {
	question := dns.Question{Name: name, Qtype: qtype, Qclass: dns.ClassINET}
	if c.Stream {
		return c.overTCP(ctx, server, question)
	}
	reply := c.overUDP(ctx, server, question, true)
	if reply.msg != nil && reply.edns && deniesEDNS(reply.msg) {
		brief := c
		brief.Attempts = 1
		if plain := brief.overUDP(ctx, server, question, false); plain.msg != nil && (helps(plain.msg) || isFormal(reply.msg)) {
			reply = plain
		}
	}
	if reply.msg != nil && !reply.edns && reply.lost > 1 && c.dropsEDNS(ctx, server, question, reply.rtt) {
		reply.ednsDropped, reply.lost = true, 0
	}
	if reply.msg != nil && reply.msg.Truncated {
		whole := c.overTCP(ctx, server, question)
		if whole.msg != nil {
			reply.msg, reply.rtt = whole.msg, whole.rtt
		}
		reply.truncated, reply.tcpError, reply.cut = true, whole.tcpProblem(), whole.msg == nil && whole.cut
	}
	return reply
}

// deniesEDNS reports whether a server says that it did not understand a query,
// or will not answer it, which may be because of the OPT record in it.
func deniesEDNS(m *dns.Msg) bool {
	return isFormal(m) || m.Rcode == dns.RcodeRefused || m.Rcode == dns.RcodeServerFailure
}

// isFormal reports whether the server objects to the form of a query.
func isFormal(m *dns.Msg) bool {
	switch m.Rcode {
	case dns.RcodeFormatError, dns.RcodeNotImplemented, dns.RcodeBadVers:
		return true
	}
	return false
}

// helps reports whether an answer says something of the name.
func helps(m *dns.Msg) bool { return m.Rcode == dns.RcodeSuccess || m.Rcode == dns.RcodeNameError }

// tcpProblem is the word of tcp_error for a reply over TCP, "" for an answer.
func (r *serverReply) tcpProblem() string {
	switch {
	case r.msg != nil:
		return ""
	case r.refused:
		return "refused"
	case r.closed, r.mismatched:
		return "closed"
	case r.icmp != nil:
		return "turned_away"
	case r.localError != "", r.err != nil:
		return "not_sent"
	}
	return "timed_out"
}

const (
	// ednsProofs is how many questions with EDNS must stay unanswered, beside
	// those before, until they count as dropped and not as lost: with a third
	// of the packets lost all of them are in one case of four hundred.
	ednsProofs = 3
	// ednsProofGap lies between two of them.
	ednsProofGap = 150 * time.Millisecond
	// ednsProofWait is how long the answer to the last of them is waited for:
	// at least, and at most where the server is slow.
	ednsProofWait, ednsProofWaitMost = 400 * time.Millisecond, time.Second
)

// dropsEDNS reports whether a server, or a filter before it, leaves questions
// with EDNS unanswered, now that one without was answered within rtt.
func (c Client) dropsEDNS(ctx context.Context, server netip.AddrPort, question dns.Question, rtt time.Duration) bool {
	x := c.exchange(server, question)
	conn, err := c.dial(ctx, "udp", server)
	if err != nil {
		return false
	}
	defer conn.Close()
	defer netconn.Interruptible(ctx, conn)()
	for i := range ednsProofs {
		wait := ednsProofGap
		if i == ednsProofs-1 {
			wait = min(max(4*rtt, ednsProofWait), ednsProofWaitMost)
		}
		if reply := x.attempt(ctx, conn, true, wait); !reply.silent() {
			return false
		}
	}
	return ctx.Err() == nil
}

// listenElsewhere asks from a socket that hears everybody, and listens for a
// while whether somebody else than the server answers; programs, whose sockets
// are connected, never see such an answer. The func that it returns ends the
// listening, and says who that was.
func (c Client) listenElsewhere(ctx context.Context, server netip.AddrPort, question dns.Question, wait time.Duration) (from func() netip.AddrPort) {
	nobody := func() netip.AddrPort { return netip.AddrPort{} }
	if c.World.Dial != nil {
		return nobody
	}
	network := "udp4"
	if server.Addr().Is6() {
		network = "udp6"
	}
	conn, err := net.ListenPacket(network, ":0")
	if err != nil {
		return nobody
	}
	x := c.exchange(server, question)
	packet, err := x.pack(false)
	if err == nil {
		_, err = conn.WriteTo(packet, net.UDPAddrFromAddrPort(server))
	}
	if err != nil {
		conn.Close()
		return nobody
	}
	conn.SetReadDeadline(time.Now().Add(wait))
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	heard := panics.Start(func() netip.AddrPort { return x.hearElsewhere(conn) })
	return func() netip.AddrPort {
		stop()
		conn.Close()
		return (<-heard)()
	}
}

// hearElsewhere reads until an answer to the question comes that the server did
// not send.
func (x *exchange) hearElsewhere(conn net.PacketConn) netip.AddrPort {
	buffer := make([]byte, udpBuffer)
	for {
		n, addr, err := conn.ReadFrom(buffer)
		if err != nil {
			return netip.AddrPort{}
		}
		sender := addr.(*net.UDPAddr).AddrPort()
		sender = netip.AddrPortFrom(sender.Addr().Unmap(), sender.Port())
		if x.answer(buffer[:n]) != nil && !sameServer(sender, x.server) {
			return sender
		}
	}
}

// sameServer compares where an answer came from with who was asked; the zone of
// a link-local address stands in the one only where it was written.
func sameServer(a, b netip.AddrPort) bool {
	return a.Port() == b.Port() && a.Addr().WithZone("") == b.Addr().WithZone("")
}

// MailExchangers asks a server for the hosts that take the mail of a domain, the
// preferred first, in lower case and without the final dot; not known where no
// whole answer came.
func (c Client) MailExchangers(ctx context.Context, server netip.AddrPort, domain string) (hosts []string, known bool) {
	name := dns.Fqdn(domain)
	reply := c.ask(ctx, server, name, dns.TypeMX)
	if reply.msg == nil || reply.tcpError != "" {
		return nil, false
	}
	return exchangersIn(reply.msg, name), true
}
