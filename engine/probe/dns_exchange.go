package probe

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/miekg/dns"
)

const (
	// dnsTry is how long one attempt waits for a server: as long as a
	// recursion may take, and short enough that two of them end within the
	// 4 s that a diagnosis may take.
	dnsTry = 2 * time.Second
	// dnsPayload is the UDP payload that we announce (RFC 6891, 6.2.3); 1232
	// bytes pass every IPv6 path unfragmented.
	dnsPayload = 1232
	// dnsBuffer is more than a server may send over UDP then, and no more than
	// a thousand sites that ask at the same time have room for.
	dnsBuffer = 4096
)

// A dnsClient puts questions to servers.
type dnsClient struct {
	world    *engine.World
	attempts int // over UDP, from 1
}

// patience is how long a silent server is waited for.
func (c dnsClient) patience() time.Duration { return time.Duration(c.attempts) * dnsTry }

// A dnsReply is what came of one question to one server.
type dnsReply struct {
	msg       *dns.Msg // nil: no answer
	rtt       time.Duration
	truncated bool // the answer did not fit into UDP

	// Why there is no answer; with none of these, nothing came at all.
	refused    bool
	localError string // word of localErrorAttribute, "" for none
	icmp       *icmpError
	cut        bool  // the context ended before silence meant anything
	err        error // the question could not be asked
}

// final reports whether a further attempt would change nothing.
func (r *dnsReply) final() bool {
	return r.msg != nil || r.refused || r.localError != "" || r.cut || r.err != nil
}

// silent reports whether nothing at all came.
func (r *dnsReply) silent() bool { return r.icmp == nil && !r.final() }

// ask puts one question to a server. It leaves out EDNS for a server that
// can't stand it (RFC 6891, 7), and asks again over TCP when the answer did
// not fit (RFC 7766, 5); where TCP gives nothing the cut answer stands.
func (c dnsClient) ask(ctx context.Context, server netip.AddrPort, name string, qtype uint16) dnsReply {
	query := new(dns.Msg).SetQuestion(name, qtype)
	query.SetEdns0(dnsPayload, false)
	reply := c.overUDP(ctx, server, query)
	if reply.msg != nil && deniesEDNS(reply.msg) {
		query.Extra = nil
		if plain := c.overUDP(ctx, server, query); plain.msg != nil {
			reply = plain
		}
	}
	if reply.msg != nil && reply.msg.Truncated {
		if whole := c.overTCP(ctx, server, query); whole.msg != nil {
			reply = whole
		}
		reply.truncated = true
	}
	return reply
}

// deniesEDNS reports whether a server says that it did not understand a
// query, which may be because of the OPT record in it.
func deniesEDNS(m *dns.Msg) bool {
	switch m.Rcode {
	case dns.RcodeFormatError, dns.RcodeNotImplemented, dns.RcodeBadVers:
		return true
	}
	return false
}

// dial opens a connected socket: only what the server itself sends arrives on
// it, and so do the ICMP errors of packets sent with it.
func (c dnsClient) dial(ctx context.Context, network string, server netip.AddrPort) (net.Conn, error) {
	if c.world.Dial != nil {
		return c.world.Dial(ctx, network, server.String())
	}
	dialer := net.Dialer{Control: receiveErrors}
	return dialer.DialContext(ctx, network, server.String())
}

// seesICMP reports whether an ICMP error would have been seen.
func (c dnsClient) seesICMP() bool { return c.world.Dial == nil && receivesErrors }

// A dnsExchange is a question on its way to one server.
type dnsExchange struct {
	dnsClient
	server netip.AddrPort
	query  *dns.Msg
	began  time.Time
	sent   map[uint16]time.Time // when, by ID
}

func (c dnsClient) exchange(server netip.AddrPort, query *dns.Msg) *dnsExchange {
	return &dnsExchange{dnsClient: c, server: server, query: query, began: time.Now(), sent: map[uint16]time.Time{}}
}

// overUDP sends the question, again after each dnsTry of silence. All
// attempts share a socket but not an ID, so that a late answer still counts
// and its round trip is that of the attempt which it answers.
func (c dnsClient) overUDP(ctx context.Context, server netip.AddrPort, query *dns.Msg) (reply dnsReply) {
	x := c.exchange(server, query)
	conn, err := c.dial(ctx, "udp", server)
	if err != nil {
		return x.failed(ctx, nil, err)
	}
	defer conn.Close()
	defer interruptible(ctx, conn)()
	for range c.attempts {
		seen := reply.icmp
		if reply = x.attempt(ctx, conn); reply.final() {
			return reply
		}
		reply.icmp = cmp.Or(reply.icmp, seen)
	}
	return reply
}

// attempt sends the question once and reads until the answer comes, to this
// attempt or an earlier one, or something else ends the wait.
func (x *dnsExchange) attempt(ctx context.Context, conn net.Conn) dnsReply {
	packet, err := x.pack()
	if err != nil {
		return dnsReply{err: err}
	}
	setDeadline(ctx, conn, dnsTry)
	if _, err := conn.Write(packet); err != nil {
		reply := x.failed(ctx, conn, err)
		if reply.icmp == nil || reply.final() {
			return reply
		}
		// That error came for an earlier packet, and this one was not sent.
		if _, err := conn.Write(packet); err != nil {
			return x.failed(ctx, conn, err)
		}
	}
	buffer := make([]byte, dnsBuffer)
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			return x.failed(ctx, conn, err)
		}
		if m := x.answer(buffer[:n]); m != nil {
			return dnsReply{msg: m, rtt: time.Since(x.sent[m.Id])}
		}
	}
}

// overTCP asks once.
func (c dnsClient) overTCP(ctx context.Context, server netip.AddrPort, query *dns.Msg) dnsReply {
	x := c.exchange(server, query)
	dialing, cancel := context.WithTimeout(ctx, dnsTry)
	defer cancel()
	conn, err := c.dial(dialing, "tcp", server)
	if err != nil {
		return x.failed(ctx, nil, err)
	}
	defer conn.Close()
	defer interruptible(ctx, conn)()
	setDeadline(ctx, conn, dnsTry)

	packet, err := x.pack()
	if err != nil {
		return dnsReply{err: err}
	}
	// Each message goes behind its length (RFC 1035, 4.2.2).
	framed := append(binary.BigEndian.AppendUint16(nil, uint16(len(packet))), packet...)
	if _, err := conn.Write(framed); err != nil {
		return x.failed(ctx, nil, err)
	}
	var length [2]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return x.failed(ctx, nil, err)
	}
	answer := make([]byte, binary.BigEndian.Uint16(length[:]))
	if _, err := io.ReadFull(conn, answer); err != nil {
		return x.failed(ctx, nil, err)
	}
	return dnsReply{msg: x.answer(answer), rtt: time.Since(x.began)}
}

// pack is the question under a fresh ID.
func (x *dnsExchange) pack() ([]byte, error) {
	x.query.Id = dns.Id()
	x.sent[x.query.Id] = time.Now()
	return x.query.Pack()
}

// failed says what an error of the socket means. conn is nil where no ICMP
// error waits on it.
func (x *dnsExchange) failed(ctx context.Context, conn net.Conn, err error) (reply dnsReply) {
	if conn != nil && x.seesICMP() {
		reply.icmp = lastICMPError(conn)
	}
	switch {
	case isRefused(err):
		reply.refused = true
	case reply.icmp != nil:
	case ctx.Err() != nil:
		reply.cut = !silenceCounts(ctx, x.began)
	case isTimeout(err), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
	default:
		if reply.localError = zoneless(localError(err), x.server.Addr()); reply.localError == "" {
			reply.err = err
		}
	}
	return reply
}

// answer unpacks what came if it answers the question under one of the IDs
// sent: anything else (noise, a forgery, the answer to an earlier question) is
// not an answer and gives nil. A server that could not even read the question
// may leave it out.
func (x *dnsExchange) answer(packet []byte) *dns.Msg {
	m := new(dns.Msg)
	if m.Unpack(packet) != nil || !m.Response || m.Opcode != x.query.Opcode {
		return nil
	}
	if _, ok := x.sent[m.Id]; !ok {
		return nil
	}
	if len(m.Question) == 0 && m.Rcode != dns.RcodeSuccess && m.Rcode != dns.RcodeNameError {
		return m
	}
	if len(m.Question) != 1 {
		return nil
	}
	asked, answered := x.query.Question[0], m.Question[0]
	if !strings.EqualFold(asked.Name, answered.Name) || asked.Qtype != answered.Qtype || asked.Qclass != answered.Qclass {
		return nil
	}
	return m
}
