package ping

import (
	"container/heap"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
)

// A series is a ping on a shared socket. It decides when to send what, and when
// the ping is over; its times are its socket's to measure.
type series struct {
	Options
	addr           *net.IPAddr
	number, secret uint32 // in the data of every request of this series
	firstSeq       uint16

	requests []request // those that were attempted, in their order
	again    []int     // requests to send once more
	answered int       // requests with a reply, late ones among them
	next     time.Time // when there is something to do: send, or end
	place    int       // in the schedule
	denied   int       // attempts in a row that the kernel had no room for

	// dropped is the socket's count of replies that there was no room for, as of
	// the first request; askedAll says that all without a reply were asked again
	// since it rose.
	dropped  uint32
	askedAll bool

	outcome Outcome
	err     error
	ended   chan struct{} // closed when outcome and err are final
}

// A request is one echo request of a series.
type request struct {
	asked    time.Time // just before it was handed to the kernel
	left     int64     // when it left, in nanoseconds since 1970; 0: not known
	refused  bool      // it was not sent
	answered bool
	twice    bool // it was sent once more
}

// roundTrip is the time between the kernel's stamps of a request and its reply,
// whose stamp is came (0: none) and which was read at read. The kernel stamps by
// the wall clock, which may be set meanwhile: the time between the program's own
// looks at the monotonic clock is the most that can be true.
func (r *request) roundTrip(came int64, read time.Time) time.Duration {
	most := read.Sub(r.asked)
	left := r.left
	if left == 0 {
		left = r.asked.UnixNano()
	}
	if rtt := time.Duration(came - left); came != 0 && 0 <= rtt && rtt <= most {
		return rtt
	}
	return most
}

func newSeries(o Options) *series {
	return &series{
		Options: o, addr: &net.IPAddr{IP: o.Destination.AsSlice(), Zone: o.Destination.Zone()},
		requests: make([]request, 0, o.Count), place: -1,
		outcome: Outcome{ICMPObserved: true, KnowsSenders: true, RTTs: make([]time.Duration, 0, o.Count)},
		ended:   make(chan struct{}),
	}
}

// seqs is how many sequence numbers a series takes: one is for a request that
// does not count.
func (f *series) seqs() uint16 { return uint16(f.Count) + 1 }

// has reports whether a sequence number is the series'.
func (f *series) has(seq uint16) bool { return seq-f.firstSeq < f.seqs() }

// request is the one with a sequence number; nil for one that does not count.
func (f *series) request(seq uint16) *request {
	if i := int(seq - f.firstSeq); i < len(f.requests) {
		return &f.requests[i]
	}
	return nil
}

// toSend is which request to send when the series is due; false: none is left.
func (f *series) toSend() (i int, ok bool) {
	if len(f.again) > 0 {
		return f.again[0], true
	}
	return len(f.requests), len(f.requests) < f.Count
}

// attempted notes that request i was handed to the kernel, which sent it unless
// refused says why not.
func (f *series) attempted(i int, asked time.Time, refused error) {
	f.denied = 0
	if i < len(f.requests) {
		f.again = slices.DeleteFunc(f.again, func(other int) bool { return other == i })
		if r := &f.requests[i]; refused == nil {
			r.asked, r.left, r.twice = asked, 0, true
		}
	} else {
		f.requests = append(f.requests, request{asked: asked, refused: refused != nil})
		if refused == nil {
			f.outcome.Sent++
		}
	}
	if word := netconn.LocalError(refused); f.outcome.LocalError == "" {
		f.outcome.LocalError = word
	}
	switch _, more := f.toSend(); {
	case len(f.again) > 0:
		f.next = asked
	case more:
		f.next = asked.Add(f.Interval)
	default:
		f.next = asked.Add(f.PacketTimeout)
	}
}

// delay puts the next request off, for want of room in a queue of this
// computer's.
func (f *series) delay(now time.Time) {
	f.denied++
	f.next = now.Add(roomWait)
}

// A queue of this computer's that has no room is tried again after roomWait, so
// often that a burst of a thousand pings has left a slow adapter meanwhile.
const (
	roomWait   = 2 * time.Millisecond
	roomTrials = 25
)

// replied notes a reply to a request and reports whether the series is over.
func (f *series) replied(r *request, rtt time.Duration) (over bool) {
	switch {
	case r.refused:
	case r.answered && r.twice:
		r.twice = false // the second of two replies to two requests
	case r.answered:
		f.outcome.Duplicates++
	default:
		r.answered = true
		f.answered++
		if rtt <= f.PacketTimeout {
			f.outcome.RTTs = append(f.outcome.RTTs, rtt)
		}
	}
	return f.isAnswered()
}

// repliedElsewhere notes a reply from another address than the destination.
func (f *series) repliedElsewhere(from netip.Addr) {
	if f.outcome.Strangers++; !f.outcome.Stranger.IsValid() {
		f.outcome.Stranger = from
	}
}

// isAnswered reports whether nothing more is to be sent or expected.
func (f *series) isAnswered() bool {
	return len(f.requests) == f.Count && f.answered == f.outcome.Sent
}

// rejected notes an ICMP error about a request. A redirect tells of no failure:
// any other error counts more. What was too big for a link is sent once more,
// since the kernel knows by now that it has to be sent in pieces.
func (f *series) rejected(r *request, e *icmp.Error, now time.Time) {
	if f.outcome.ICMP == nil || f.outcome.ICMP.Name() == "redirect" {
		f.outcome.ICMP = e
	}
	if r == nil || e.Name() != "too_big" || r.twice || r.answered {
		return
	}
	r.twice = true
	for i := range f.requests {
		if r == &f.requests[i] {
			f.again = append(f.again, i)
			f.next = now
		}
	}
}

// overdue is called when the last request's reply is. It returns true when the
// series is over, and whether it is known how it ended: a reply that this
// computer itself had no room for is no loss, so that what is missing is asked
// for once more. dropped is the socket's count of such replies.
func (f *series) overdue(now time.Time, dropped uint32) (over, known bool) {
	if dropped == f.dropped {
		return true, true
	}
	if f.askedAll {
		return true, false
	}
	f.askedAll, f.dropped, f.next = true, dropped, now
	for i := range f.requests {
		if r := &f.requests[i]; !r.refused && !r.answered {
			f.again = append(f.again, i)
		}
	}
	return false, false
}

// A schedule holds series, that which has something to do first at the front.
type schedule []*series

var _ heap.Interface = (*schedule)(nil)

func (s schedule) Len() int           { return len(s) }
func (s schedule) Less(i, j int) bool { return s[i].next.Before(s[j].next) }
func (s schedule) Swap(i, j int) {
	s[i], s[j] = s[j], s[i]
	s[i].place, s[j].place = i, j
}

func (s *schedule) Push(f any) {
	f.(*series).place = len(*s)
	*s = append(*s, f.(*series))
}

func (s *schedule) Pop() any {
	last := len(*s) - 1
	f := (*s)[last]
	(*s)[last] = nil
	*s = (*s)[:last]
	f.place = -1
	return f
}
