package ping

import (
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/fault"
	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/linecheck/linecheck/rules/panics"
	"golang.org/x/net/ipv4"
	"golang.org/x/sys/unix"
)

// sendDue sends a request of each series that is due, and puts them back into
// the schedule. s.mu is held.
func (s *sharedSocket) sendDue() {
	unseen := s.watchDiscards()
	for k, d := range s.due {
		s.fill(&s.out[k], d.series, d.firstSeq+uint16(d.i))
	}
	for from := 0; from < len(s.due); {
		to := from + 1
		for to < len(s.due) && s.due[to].TTL == s.due[from].TTL {
			to++
		}
		s.sendSome(from, to)
		from = to
	}
	if unseen() {
		for _, d := range s.due {
			s.notice(d.series)
		}
	}
	for _, d := range s.due {
		if s.isRunning(d.series) {
			heap.Push(&s.schedule, d.series)
		}
	}
	clear(s.due)
}

// fill makes a message a request of the series'.
func (s *sharedSocket) fill(m *ipv4.Message, f *series, seq uint16) {
	packet := m.Buffers[0][:0]
	packet = append(packet, make([]byte, icmp.HeaderLen)...)
	packet = append(packet, s.cookie[:]...)
	packet = binary.BigEndian.AppendUint32(packet, f.number)
	packet = binary.BigEndian.AppendUint32(packet, f.secret)
	packet = append(packet, make([]byte, f.Size-markBytes)...)
	icmp.PutEchoHeader(packet, s.V6, s.ID, seq)
	m.Buffers[0], m.Addr = packet, f.addr
}

// sendSome sends the messages from one to another, which have the same time to
// live. s.mu is held.
func (s *sharedSocket) sendSome(from, to int) {
	if err := s.SetTTL(s.due[from].TTL); err != nil {
		for _, d := range s.due[from:to] {
			s.fail(d.series, err)
		}
		return
	}
	for refusals := 0; from < to; {
		now := time.Now()
		n, err := s.Write(s.out[from:to])
		for _, d := range s.due[from : from+n] {
			s.sent(d, now, nil)
		}
		from += n
		if err == nil {
			refusals = 0
			continue
		}
		if refusals++; !s.isStale(err) || refusals == refusalTrials {
			s.sent(s.due[from], now, err)
			from, refusals = from+1, 0
		}
	}
}

// refusalTrials is how often the kernel has to refuse a message in a row, with no
// ICMP error queued, until the message is what it is about.
const refusalTrials = 3

// isStale reports whether an error that the kernel returned for a message may be
// an ICMP error about another, which it returns to whoever sends next
// (icmp_err_convert, icmpv6_err_convert). s.mu is held.
func (s *sharedSocket) isStale(err error) bool {
	for _, own := range []error{unix.EPERM, unix.EINVAL, unix.EADDRNOTAVAIL, unix.EAGAIN, unix.ENOBUFS, net.ErrClosed} {
		if errors.Is(err, own) {
			return false
		}
	}
	s.readQueue(time.Now())
	return true
}

// sent notes that the kernel took a request, or why it did not. s.mu is held.
func (s *sharedSocket) sent(d dueRequest, now time.Time, err error) {
	f := d.series
	noRoom := errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.ENOBUFS) && f.denied < roomTrials
	switch {
	case !s.isRunning(f):
		return
	case noRoom:
		f.delay(now)
		return
	case errors.Is(err, unix.ENOBUFS):
		err = nil // the adapter's queue never has room, for want of a carrier, say: a loss
	case errors.Is(err, unix.EACCES) && !s.V6 && f.outcome.Sent == 0:
		// A broadcast address, or a route that prohibits: only a socket that may
		// send to the former can tell.
		s.fail(f, errNotShared)
		return
	case err != nil && netconn.LocalError(err) == "":
		s.fail(f, fmt.Errorf("ping %s: %w", f.Destination, err))
		return
	}
	f.attempted(d.i, now, err)
	if f.outcome.Sent == 0 || f.isAnswered() {
		s.end(f, true) // nobody tries any further when the first was refused
	}
}

// fail ends a series with an error. s.mu is held.
func (s *sharedSocket) fail(f *series, err error) {
	f.err = err
	s.end(f, false)
}

// watchDiscards returns a func that reports whether some of the requests sent
// meanwhile may have been dropped by the own firewall unseen (see SendNoticed).
// Only first requests of ping sockets of IPv6 are looked at.
func (s *sharedSocket) watchDiscards() (unseen func() bool) {
	no := func() bool { return false }
	if !s.V6 || s.Raw {
		return no
	}
	for _, d := range s.due {
		if len(d.requests) == 0 {
			if before, known := icmp.DiscardedIPv6(); known {
				return func() bool {
					after, known := icmp.DiscardedIPv6()
					return known && after != before
				}
			}
			return no
		}
	}
	return no
}

// notice ends a series whose first request the own firewall dropped. It sends
// some more to know, which do not count. s.mu is held.
func (s *sharedSocket) notice(f *series) {
	if !s.isRunning(f) || len(f.requests) != 1 {
		return
	}
	message := s.out[:1]
	s.fill(&message[0], f, f.firstSeq+uint16(f.Count))
	err := icmp.SendNoticed(func() error {
		s.Write(message)
		return nil
	})
	if errors.Is(err, unix.EPERM) {
		f.outcome.Sent, f.outcome.LocalError = 0, netconn.LocalError(err)
		s.readQueue(time.Now())
		s.end(f, true)
	}
}

// idle is how long run sleeps when there is nothing to do.
const idle = time.Hour

// run sends and receives until the socket is closed. A panic ends all series.
func (s *sharedSocket) run() {
	defer close(s.closed)
	err := panics.Call(func() error {
		for err := error(nil); err == nil; err = s.Wait() {
			s.work()
		}
		return nil
	})
	if err == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = fault.Broken(err)
	for _, f := range s.running {
		f.err = s.broken
		s.end(f, false)
	}
}

// work does what there is to do now.
func (s *sharedSocket) work() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn()
	s.wakeAt = time.Now().Add(idle)
	if len(s.schedule) > 0 {
		s.wakeAt = s.schedule[0].next
	}
	s.Packets.SetReadDeadline(s.wakeAt)
}
