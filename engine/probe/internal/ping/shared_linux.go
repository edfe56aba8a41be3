package ping

import (
	"bytes"
	"container/heap"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	mathrand "math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"github.com/linecheck/linecheck/engine/probe/internal/ipaddr"
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"golang.org/x/net/ipv4"
	"golang.org/x/sys/unix"
)

// sharedSockets are the sockets that pings have in common, one for each family
// and source. Each is open as long as a ping uses it.
type sharedSockets struct {
	mu   sync.Mutex
	open map[socketKey]*sharedSocket
}

type socketKey struct {
	v6     bool
	source netip.Addr // zero: the system chooses
}

// ping pings as goPing does, beside others on one socket. It returns
// errNotShared where only that can.
func (p *sharedSockets) ping(ctx context.Context, o Options) (*Outcome, error) {
	if _, err := icmp.SockaddrOf(o.Destination); err != nil {
		return nil, err // its adapter is missing
	}
	key := socketKey{o.Destination.Is6(), o.Source}
	s, err := p.join(key)
	if word := netconn.LocalError(err); word != "" && !errors.As(err, new(*icmp.SocketError)) {
		return &Outcome{Complete: true, LocalError: word, ICMPObserved: true, KnowsSenders: true}, nil
	}
	if err != nil {
		return nil, err
	}
	defer p.leave(key, s)
	f := newSeries(o)
	if !s.begin(f) {
		return nil, errNotShared
	}
	select {
	case <-f.ended:
	case <-ctx.Done():
		s.abandon(f)
	}
	return &f.outcome, f.err
}

// join opens the socket for key, or takes the one that is open.
func (p *sharedSockets) join(key socketKey) (*sharedSocket, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.open[key]
	if s == nil {
		socket, err := icmp.OpenBatch(key.v6, key.source)
		if err != nil {
			return nil, err
		}
		s = newSharedSocket(socket)
		if p.open == nil {
			p.open = map[socketKey]*sharedSocket{}
		}
		p.open[key] = s
		go s.run()
	}
	s.users++
	return s, nil
}

// leave closes the socket behind the last who used it.
func (p *sharedSockets) leave(key socketKey, s *sharedSocket) {
	p.mu.Lock()
	s.users--
	last := s.users == 0
	if last {
		delete(p.open, key)
	}
	p.mu.Unlock()
	if last {
		s.Close()
		<-s.closed
	}
}

// A sharedSocket is one that many pings use. One goroutine sends and receives
// for all of them; what comes back it knows by the data of the request, which
// strangers can't guess, and an ICMP error, which quotes as little as 8 bytes of
// it, by destination and sequence number.
type sharedSocket struct {
	*icmp.BatchSocket
	users  int // guarded by sharedSockets.mu
	closed chan struct{}
	cookie [cookieBytes]byte // in the data of all requests
	ready  time.Time         // when the kernel stamps what comes in

	mu         sync.Mutex // guards what follows, and the series
	running    map[uint32]*series
	to         map[netip.Addr][]*series // by destination, without its zone
	schedule   schedule
	wakeAt     time.Time // when run goes on; zero: at once
	broken     error     // what run ended with; nil: it goes on
	lastNumber uint32
	nextSeq    uint16
	// knownDropped is what dropped last said, before the requests since then.
	knownDropped uint32

	replies, queue *icmp.Batch
	out            []ipv4.Message
	due            []dueRequest // those that out is of
}

// A dueRequest is request i of a series, to be sent now.
type dueRequest struct {
	*series
	i int
}

// stampsLead is more than the kernel takes to begin to stamp what comes in, which
// it does in the background (net_enable_timestamp).
const stampsLead = 3 * time.Millisecond

// The data of a request begins with the socket's cookie and the series' number
// and secret.
const (
	cookieBytes = 8
	markBytes   = cookieBytes + 4 + 4
)

func newSharedSocket(b *icmp.BatchSocket) *sharedSocket {
	s := &sharedSocket{
		BatchSocket: b, closed: make(chan struct{}), ready: time.Now().Add(stampsLead),
		running: map[uint32]*series{}, to: map[netip.Addr][]*series{},
		replies: icmp.NewBatch(icmp.PacketBytes), queue: icmp.NewBatch(icmp.PacketBytes), out: make([]ipv4.Message, icmp.BatchSize),
	}
	rand.Read(s.cookie[:])
	for i := range icmp.BatchSize {
		s.out[i].Buffers = [][]byte{nil}
	}
	return s
}

// begin begins a series; false where the sequence numbers of its destination
// are used up.
func (s *sharedSocket) begin(f *series) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		f.err = s.broken
		close(f.ended)
		return true
	}
	if !s.number(f) {
		return false
	}
	f.dropped = s.knownDropped
	if s.Raw && !s.V6 { // whose checksums are ours to check
		s.replies = s.replies.Enlarged(icmp.LongestIPv4Header + icmp.HeaderLen + f.Size)
	}
	if f.next = time.Now(); f.next.Before(s.ready) {
		f.next = s.ready
	}
	heap.Push(&s.schedule, f)
	if f.next.Before(s.wakeAt) {
		s.wakeAt = time.Time{}
		s.Packets.SetReadDeadline(time.Unix(1, 0)) // long ago
	}
	return true
}

// number gives a series its number and its sequence numbers, of which no other
// series to the same destination has one. They go round, so that what is late of
// an earlier series finds no taker.
func (s *sharedSocket) number(f *series) bool {
	key := f.Destination.WithZone("")
	others := s.to[key]
	f.firstSeq = s.nextSeq
	for round := 0; ; round++ {
		at := overlapping(others, f)
		if at == nil {
			break
		}
		if round > len(others) {
			return false
		}
		f.firstSeq = at.firstSeq + at.seqs()
	}
	s.nextSeq = f.firstSeq + f.seqs()

	f.secret = mathrand.Uint32() // of a cryptographic generator (math/rand/v2)
	for s.lastNumber++; s.running[s.lastNumber] != nil; s.lastNumber++ {
	}
	f.number = s.lastNumber
	s.running[f.number] = f
	s.to[key] = append(others, f)
	return true
}

func overlapping(others []*series, f *series) *series {
	for _, other := range others {
		if other.has(f.firstSeq) || f.has(other.firstSeq) {
			return other
		}
	}
	return nil
}

// abandon ends a series that nobody waits for any longer.
func (s *sharedSocket) abandon(f *series) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(f, false)
}

// isRunning reports whether a series has not ended. s.mu is held.
func (s *sharedSocket) isRunning(f *series) bool { return s.running[f.number] == f }

// end makes a series' outcome final. complete says that nothing more was to be
// expected. s.mu is held.
func (s *sharedSocket) end(f *series, complete bool) {
	if !s.isRunning(f) {
		return
	}
	delete(s.running, f.number)
	key := f.Destination.WithZone("")
	for i, other := range s.to[key] {
		if other == f {
			s.to[key][i] = s.to[key][len(s.to[key])-1]
			s.to[key] = s.to[key][:len(s.to[key])-1]
			break
		}
	}
	if len(s.to[key]) == 0 {
		delete(s.to, key)
	}
	if f.place >= 0 {
		heap.Remove(&s.schedule, f.place)
	}
	f.outcome.Complete = complete
	close(f.ended)
}

// turn takes what has come in, sends what is due and ends what is over, until
// nothing is left to do. What is there is always taken before a reply is said
// to be missing, however late that is. s.mu is held.
func (s *sharedSocket) turn() {
	for {
		now := time.Now()
		s.receive()
		if len(s.schedule) == 0 || s.schedule[0].next.After(now) {
			return
		}
		s.knownDropped = s.Dropped()
		s.due = s.due[:0]
		for len(s.schedule) > 0 && len(s.due) < icmp.BatchSize && !s.schedule[0].next.After(now) {
			f := s.schedule[0]
			if i, ok := f.toSend(); ok {
				heap.Pop(&s.schedule)
				s.due = append(s.due, dueRequest{f, i})
				continue
			}
			if over, known := f.overdue(now, s.knownDropped); over {
				s.end(f, known)
			} else {
				heap.Fix(&s.schedule, 0)
			}
		}
		if len(s.due) == 0 {
			return
		}
		s.sendDue()
	}
}

// receive takes what has come in. A request's stamp is in the error queue before
// its reply can be there. s.mu is held.
func (s *sharedSocket) receive() {
	for {
		messages, queue := s.Pending()
		if !messages && !queue {
			return
		}
		n := 0
		if messages {
			n = s.Read(s.replies, 0)
		}
		read := time.Now()
		s.readQueue(read)
		for i := range n {
			s.takeReply(s.replies.Packet(i), s.replies.Address(i), s.replies.Control(i), read)
		}
		if n < icmp.BatchSize {
			return
		}
	}
}

// readQueue takes all of the error queue. s.mu is held.
func (s *sharedSocket) readQueue(read time.Time) {
	for n := icmp.BatchSize; n == icmp.BatchSize; {
		n = s.Read(s.queue, unix.MSG_ERRQUEUE)
		for i := range n {
			e, ok := icmp.ParseQueuedError(s.queue.Control(i))
			switch packet := s.queue.Packet(i); {
			case !ok:
			case e.ICMP != nil:
				s.takeError(e.ICMP, packet, s.queue.Address(i), read)
			case e.Errno == unix.ENOMSG: // SO_EE_ORIGIN_TIMESTAMPING
				s.takeStamp(packet, icmp.Timestamp(s.queue.Control(i)))
			}
		}
	}
}

// takeReply notes the reply that a packet holds. s.mu is held.
func (s *sharedSocket) takeReply(packet []byte, from netip.Addr, control []byte, read time.Time) {
	if s.Raw && !s.V6 {
		packet = icmp.Intact(icmp.WithoutIPv4Header(packet))
	}
	reply, ok := icmp.ParseEchoReply(s.V6, packet)
	if !ok || s.Raw && reply.ID != s.ID {
		return
	}
	f := s.marked(reply.Data)
	if f == nil || !f.has(reply.Seq) {
		return
	}
	r := f.request(reply.Seq)
	if r != nil && !ipaddr.SameHost(from, f.Destination) {
		f.repliedElsewhere(from)
		return
	}
	if r != nil && f.replied(r, r.roundTrip(icmp.Timestamp(control), read)) {
		s.end(f, true)
	}
}

// takeError notes an ICMP error about a packet to destination. s.mu is held.
func (s *sharedSocket) takeError(e *icmp.Error, packet []byte, destination netip.Addr, read time.Time) {
	request, ok := icmp.ParseEchoRequest(s.V6, packet)
	if !ok || s.Raw && request.ID != s.ID {
		return
	}
	for _, f := range s.to[destination.WithZone("")] {
		if f.has(request.Seq) {
			f.rejected(f.request(request.Seq), e, read)
			if f.place >= 0 {
				heap.Fix(&s.schedule, f.place)
			}
		}
	}
}

// takeStamp notes when a request left. It has the packet as it left, behind the
// header of the link, whatever that is. s.mu is held.
func (s *sharedSocket) takeStamp(packet []byte, left int64) {
	at := bytes.Index(packet, s.cookie[:])
	if at < icmp.HeaderLen {
		return
	}
	seq := binary.BigEndian.Uint16(packet[at-2:])
	if f := s.marked(packet[at:]); f != nil && f.has(seq) {
		if r := f.request(seq); r != nil && r.left == 0 {
			r.left = left
		}
	}
}

// marked is the series whose mark data begins with; nil for none.
func (s *sharedSocket) marked(data []byte) *series {
	if len(data) < markBytes || !bytes.HasPrefix(data, s.cookie[:]) {
		return nil
	}
	f := s.running[binary.BigEndian.Uint32(data[cookieBytes:])]
	if f == nil || f.secret != binary.BigEndian.Uint32(data[cookieBytes+4:]) {
		return nil
	}
	return f
}
