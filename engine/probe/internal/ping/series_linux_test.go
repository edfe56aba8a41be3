package ping

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"golang.org/x/sys/unix"
)

// idleSocket is a shared socket that sends nothing.
func idleSocket() *sharedSocket {
	return &sharedSocket{running: map[uint32]*series{}, to: map[netip.Addr][]*series{}}
}

func seriesTo(destination string, count int) *series {
	return newSeries(Options{Destination: netip.MustParseAddr(destination), Count: count, PacketTimeout: time.Second, Interval: time.Second})
}

// An ICMP error is known by destination and sequence number alone, so that no
// number may be two series' at a time, also when they have gone round.
func TestSeriesToOneHostShareNoSequenceNumber(t *testing.T) {
	s := idleSocket()
	const count, most = 1000, 1 << 16 / 1001
	taken := map[uint16]*series{}
	var running []*series
	begin := func() bool {
		f := seriesTo("192.0.2.1", count)
		if !s.number(f) {
			return false
		}
		for i := range f.seqs() {
			seq := f.firstSeq + i
			if taken[seq] != nil {
				t.Fatalf("number %d is that of two series", seq)
			}
			taken[seq] = f
		}
		running = append(running, f)
		return true
	}
	end := func(i int) {
		for n := range running[i].seqs() {
			delete(taken, running[i].firstSeq+n)
		}
		s.end(running[i], true)
		running = append(running[:i], running[i+1:]...)
	}
	for range most {
		if !begin() {
			t.Fatalf("no number is left with %d series, want room for %d", len(running), most)
		}
	}
	if begin() {
		t.Fatalf("%d series with %d numbers each", len(running), count+1)
	}
	if !s.number(seriesTo("192.0.2.2", count)) {
		t.Error("another host's numbers are used up as well")
	}
	for i := range 500 {
		end(i * 7 % len(running))
		if !begin() {
			t.Fatalf("no number is left behind the series that has ended (%d)", i)
		}
	}
	for len(running) > 0 {
		end(0)
	}
	if len(s.to) != 1 || len(s.running) != 1 {
		t.Errorf("series that ended are kept: %d, to %d hosts", len(s.running), len(s.to))
	}
}

func TestRoundTripIsTheKernels(t *testing.T) {
	asked := time.Now()
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	at := func(n int) int64 { return asked.Add(ms(n)).UnixNano() }
	for _, test := range []struct {
		name       string
		left, came int64
		want       time.Duration
	}{
		{"both stamps", at(1), at(3), ms(2)},
		{"it is not known when it left", 0, at(3), ms(3)},
		{"it is not known when it came in", at(1), 0, ms(10)},
		{"the clock was put back", at(1), at(-3_600_000), ms(10)},
		{"the clock was put forward", at(1), at(3_600_000), ms(10)},
	} {
		r := request{asked: asked, left: test.left}
		if got := r.roundTrip(test.came, asked.Add(ms(10))); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

// What is refused counts as lost and does not keep the ping from ending; what
// was too big is sent once more, and no oftener.
func TestSeriesDecides(t *testing.T) {
	now := time.Now()
	f := seriesTo("192.0.2.1", 3)
	send := func(refused error) {
		i, ok := f.toSend()
		if !ok {
			t.Fatal("nothing is left to send")
		}
		f.attempted(i, now, refused)
	}
	send(nil)
	f.rejected(&f.requests[0], &icmp.Error{Type: 3, Code: 4}, now)
	f.rejected(&f.requests[0], &icmp.Error{Type: 3, Code: 4}, now)
	if i, ok := f.toSend(); i != 0 || !ok || len(f.again) != 1 {
		t.Errorf("what was too big is sent again: %v", f.again)
	}
	send(nil)
	send(errNotShared) // any error
	send(nil)
	if _, ok := f.toSend(); ok || f.outcome.Sent != 2 {
		t.Errorf("%d sent, more is %v", f.outcome.Sent, ok)
	}
	for range 2 {
		if f.replied(&f.requests[0], time.Millisecond) || f.outcome.Duplicates != 0 {
			t.Errorf("both replies to what was sent twice: over, or %d duplicates", f.outcome.Duplicates)
		}
	}
	if f.replied(&f.requests[0], time.Millisecond) || f.outcome.Duplicates != 1 {
		t.Errorf("%d duplicates, want 1", f.outcome.Duplicates)
	}
	if !f.replied(&f.requests[2], 2*time.Second) || len(f.outcome.RTTs) != 1 {
		t.Errorf("with a late last reply it is not over, or that counts: %v", f.outcome.RTTs)
	}
}

// controlMessage is one as the kernel makes it.
func controlMessage(level, typ uint32, data []byte) []byte {
	message := make([]byte, unix.CmsgSpace(len(data)))
	binary.NativeEndian.PutUint64(message, uint64(unix.CmsgLen(len(data))))
	binary.NativeEndian.PutUint32(message[8:], level)
	binary.NativeEndian.PutUint32(message[12:], typ)
	copy(message[unix.CmsgLen(0):], data)
	return message
}

// request4 is an echo request of IPv4.
func request4(id, seq uint16, data []byte) []byte {
	m := append(make([]byte, icmp.HeaderLen), data...)
	icmp.PutEchoHeader(m, false, id, seq)
	return m
}

// Whatever comes in, it breaks nothing, and counts as a reply only with the mark
// of a series' own.
func FuzzSharedSocketTakes(f *testing.F) {
	const number, secret, seq = 7, 0xfeedbeef, 3
	cookie := [cookieBytes]byte{1, 2, 3, 4, 5, 6, 7, 8}
	mark := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(cookie[:], number), secret)
	reply := request4(9, seq, mark)
	reply[0] = 0
	stamp := controlMessage(unix.SOL_SOCKET, unix.SO_TIMESTAMPING_NEW, bytes.Repeat([]byte{1}, 64))
	tooBig := binary.NativeEndian.AppendUint32(nil, uint32(unix.EMSGSIZE)) // struct sock_extended_err
	tooBig = append(tooBig, unix.SO_EE_ORIGIN_ICMP, 3, 4, 0)
	tooBig = binary.NativeEndian.AppendUint32(tooBig, 1400)
	tooBig = append(tooBig, make([]byte, 4+unix.SizeofSockaddrInet4)...)
	f.Add(reply, stamp)
	f.Add(append(bytes.Repeat([]byte{0x45}, 20), reply...), stamp[:20])
	f.Add(request4(9, seq, mark), controlMessage(unix.IPPROTO_IP, unix.IP_RECVERR, tooBig))
	f.Fuzz(func(t *testing.T, packet, control []byte) {
		for _, raw := range []bool{false, true} {
			s := idleSocket()
			s.BatchSocket, s.cookie = &icmp.BatchSocket{Raw: raw, ID: 9}, cookie
			ping := seriesTo("192.0.2.1", 2)
			ping.number, ping.secret, ping.firstSeq, ping.requests = number, secret, seq, make([]request, 1, 2)
			ping.outcome.Sent = 1
			s.running[number], s.to[ping.Destination] = ping, []*series{ping}

			s.takeStamp(packet, icmp.Timestamp(control))
			if e, ok := icmp.ParseQueuedError(control); ok && e.ICMP != nil {
				s.takeError(e.ICMP, packet, ping.Destination, time.Now())
			}
			s.takeReply(packet, ping.Destination, control, time.Now())
			if ping.answered > 0 && !bytes.Contains(packet, mark) {
				t.Errorf("%x counts as a reply", packet)
			}
		}
	})
}
