package dnsclient

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/miekg/dns"
)

const (
	// attemptTime is how long one attempt waits for a server: as long as a
	// recursion may take, and short enough that two of them end within the
	// 4 s that a diagnosis may take.
	attemptTime = 2 * time.Second
	// udpPayload is the UDP payload that we announce (RFC 6891, 6.2.3); 1232
	// bytes pass every IPv6 path unfragmented.
	udpPayload = 1232
	// udpBuffer is more than a server may send over UDP then, and no more than
	// a thousand sites that ask at the same time have room for.
	udpBuffer = 4096
)

// resendGaps are the waits behind each sending of a question within an attempt,
// attemptTime together: with a third of the packets lost, one question in a
// thousand stays without an answer in two attempts, and most are answered
// within half a second.
var resendGaps = [...]time.Duration{400 * time.Millisecond, 600 * time.Millisecond, 1000 * time.Millisecond}

// A Client puts questions to servers.
type Client struct {
	World    *engine.World
	Attempts int  // over UDP, from 1
	Stream   bool // over TCP only, as the system asks ("options use-vc")
}

// Patience is how long a silent server is waited for.
func (c Client) Patience() time.Duration { return time.Duration(c.Attempts) * attemptTime }

// A serverReply is what came of one question to one server.
type serverReply struct {
	msg         *dns.Msg // nil: no answer
	rtt         time.Duration
	edns        bool   // it answers a question with EDNS
	lost        int    // how often the question was sent before it was answered
	ednsDropped bool   // only questions without EDNS are answered
	truncated   bool   // the answer did not fit into UDP
	tcpError    string // why the whole one did not come over TCP then: word of tcp_error

	mismatched   bool           // something came that is no answer to the question
	answeredFrom netip.AddrPort // an answer came from there, which was not asked

	// Why there is no answer; with none of these, nothing came at all.
	refused    bool
	closed     bool   // the connection ended before the answer was whole
	localError string // word of netconn.LocalErrors, "" for none
	icmp       *icmp.Error
	cut        bool  // the context ended before silence meant anything
	err        error // the question could not be asked
}

// final reports whether a further attempt would change nothing.
func (r *serverReply) final() bool {
	return r.msg != nil || r.refused || r.localError != "" || r.cut || r.err != nil
}

// silent reports whether nothing at all came.
func (r *serverReply) silent() bool { return r.icmp == nil && !r.closed && !r.final() }

// dial opens a connected socket: only what the server itself sends arrives on
// it, and so do the ICMP errors of packets sent with it.
func (c Client) dial(ctx context.Context, network string, server netip.AddrPort) (net.Conn, error) {
	return netconn.Dial(ctx, c.World, network, server.String())
}

// SeesICMP reports whether an ICMP error would have been seen.
func (c Client) SeesICMP() bool { return c.World.Dial == nil && netconn.ReceivesICMP }

// A sentQuestion is one packet with the question.
type sentQuestion struct {
	at     time.Time
	edns   bool
	before int // how many were sent earlier
}

// An exchange is a question on its way to one server.
type exchange struct {
	Client
	server     netip.AddrPort
	question   dns.Question
	began      time.Time
	sent       map[uint16]sentQuestion // by ID
	mismatched bool
}

func (c Client) exchange(server netip.AddrPort, question dns.Question) *exchange {
	return &exchange{Client: c, server: server, question: question, began: time.Now(), sent: map[uint16]sentQuestion{}}
}

// overUDP sends the question, again after each of resendGaps, until an answer
// comes. All packets share a socket but not an ID, so that a late answer still
// counts and its round trip is that of the packet which it answers. With mixed,
// some go with EDNS and some without, in case that a filter drops one kind.
func (c Client) overUDP(ctx context.Context, server netip.AddrPort, question dns.Question, mixed bool) (reply serverReply) {
	x := c.exchange(server, question)
	conn, err := c.dial(ctx, "udp", server)
	if err != nil {
		return x.failed(ctx, nil, err)
	}
	defer conn.Close()
	defer netconn.Interruptible(ctx, conn)()
	elsewhere := func() netip.AddrPort { return netip.AddrPort{} }
	turnedAway := 0
	for i := range c.Attempts * len(resendGaps) {
		gap := resendGaps[i%len(resendGaps)]
		if i == c.Attempts*len(resendGaps)-1 && reply.icmp == nil {
			elsewhere = c.listenElsewhere(ctx, server, question, gap)
		}
		seen := reply.icmp
		reply = x.attempt(ctx, conn, mixed && (i < 2 || i%len(resendGaps) == 1), gap)
		if reply.final() {
			break
		}
		if reply.icmp != nil { // it came at once, and says as much as two do
			turnedAway++
		}
		reply.icmp = cmp.Or(reply.icmp, seen)
		if turnedAway >= c.Attempts {
			break
		}
	}
	reply.answeredFrom = elsewhere()
	reply.mismatched = x.mismatched
	return reply
}

// attempt sends the question once and reads until the answer comes, to this
// packet or an earlier one, or something else ends the wait.
func (x *exchange) attempt(ctx context.Context, conn net.Conn, edns bool, wait time.Duration) serverReply {
	packet, err := x.pack(edns)
	if err != nil {
		return serverReply{err: err}
	}
	netconn.SetDeadline(ctx, conn, wait)
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
	buffer := make([]byte, udpBuffer)
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			return x.failed(ctx, conn, err)
		}
		if m := x.answer(buffer[:n]); m != nil {
			return x.reply(m)
		}
	}
}

// reply is an answer with what is known of the packet that it answers.
func (x *exchange) reply(m *dns.Msg) serverReply {
	sending := x.sent[m.Id]
	return serverReply{msg: m, rtt: time.Since(sending.at), edns: sending.edns, lost: sending.before}
}

// overTCP asks once.
func (c Client) overTCP(ctx context.Context, server netip.AddrPort, question dns.Question) serverReply {
	x := c.exchange(server, question)
	dialing, cancel := context.WithTimeout(ctx, attemptTime)
	defer cancel()
	conn, err := c.dial(dialing, "tcp", server)
	if err != nil {
		return x.failed(ctx, nil, err)
	}
	defer conn.Close()
	defer netconn.Interruptible(ctx, conn)()
	netconn.SetDeadline(ctx, conn, attemptTime)

	packet, err := x.pack(true)
	if err != nil {
		return serverReply{err: err}
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
	m := x.answer(answer)
	if m == nil {
		return serverReply{mismatched: true}
	}
	return x.reply(m)
}

// pack is the question under an ID that none of the exchange had: its answer says
// which packet it answers.
func (x *exchange) pack(edns bool) ([]byte, error) {
	id := dns.Id()
	for x.sent[id] != (sentQuestion{}) {
		id = dns.Id()
	}
	query := &dns.Msg{MsgHdr: dns.MsgHdr{Id: id, RecursionDesired: true}, Question: []dns.Question{x.question}}
	if edns {
		query.SetEdns0(udpPayload, false)
	}
	x.sent[query.Id] = sentQuestion{at: time.Now(), edns: edns, before: len(x.sent)}
	return query.Pack()
}

// failed says what an error of the socket means. conn is nil where no ICMP
// error waits on it.
func (x *exchange) failed(ctx context.Context, conn net.Conn, err error) (reply serverReply) {
	if conn != nil && x.SeesICMP() {
		reply.icmp = netconn.LastICMP(conn)
	}
	switch {
	case netconn.IsRefused(err):
		reply.refused = true
	case reply.icmp != nil:
	case ctx.Err() != nil:
		reply.cut = !netconn.SilenceCounts(ctx, x.began)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		reply.closed = true
	case netconn.IsTimeout(err):
	default:
		if reply.localError = netconn.Zoneless(netconn.LocalError(err), x.server.Addr()); reply.localError == "" {
			reply.err = err
		}
	}
	return reply
}

// answer unpacks what came if it answers the question under one of the IDs
// sent: anything else (noise, a forgery, the answer to an earlier question) is
// not an answer and gives nil. A server that could not even read the question
// may leave it out.
func (x *exchange) answer(packet []byte) *dns.Msg {
	m := new(dns.Msg)
	if m.Unpack(packet) == nil && x.isAnswer(m) {
		return m
	}
	x.mismatched = true
	return nil
}

func (x *exchange) isAnswer(m *dns.Msg) bool {
	if _, ok := x.sent[m.Id]; !ok || !m.Response || m.Opcode != dns.OpcodeQuery {
		return false
	}
	if len(m.Question) == 0 && m.Rcode != dns.RcodeSuccess && m.Rcode != dns.RcodeNameError {
		return true
	}
	if len(m.Question) != 1 {
		return false
	}
	asked, answered := x.question, m.Question[0]
	return strings.EqualFold(asked.Name, answered.Name) && asked.Qtype == answered.Qtype && asked.Qclass == answered.Qclass
}
