package probe

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/fault"
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/linecheck/linecheck/rules/panics"
)

// maxAddresses bounds how many of a name's addresses are tried: what gives
// mail servers out by the dozen has more than anybody tries.
const maxAddresses = 16

// An attempt is how connecting to one of a name's addresses ended.
type attempt struct {
	address netip.Addr
	*netconn.Connection
	problem error     // no attempt could be made
	cut     bool      // the context ended before anything was known
	ended   time.Time // when the connection stood, or the attempt was over
	done    chan struct{}
}

// fields are one row of the attribute attempts; what an attempt that was cut
// off came to stays unknown.
func (a *attempt) fields() fields {
	f := fields{"address": a.address}
	if a.cut {
		return f
	}
	f["connected"], f["refused"], f["timed_out"] = false, false, false
	f["local_error"], f["icmp"] = nil, nil
	if a.problem != nil {
		return f
	}
	f["connected"], f["refused"], f["timed_out"] = a.Conn != nil, a.Refused, a.TimedOut
	f["local_error"] = nullIfEmpty(a.LocalError)
	switch {
	case a.Conn != nil || a.LocalError != "": // no error ended it
	case a.ICMPObserved:
		f["icmp"] = icmpFields(a.ICMP)
	default:
		delete(f, "icmp")
	}
	return f
}

// attempts are those to all addresses of a name, side by side.
type attempts struct {
	all   []*attempt
	began time.Time
	taken *attempt // the one whose connection the caller has

	first   sync.Once     // an attempt has come to a connection
	settled chan struct{} // closed earlierPatience after that
}

// earlierPatience is how long an earlier address is waited for once a later one
// has accepted (RFC 8305, 5: Connection Attempt Delay).
const earlierPatience = 250 * time.Millisecond

// connectAll begins to connect to every address of a name.
func connectAll(ctx context.Context, w *engine.World, e netconn.Endpoint) (*attempts, error) {
	addresses, err := netconn.LookupEndpoint(ctx, w, e)
	if err != nil {
		if ctx.Err() != nil {
			return &attempts{began: time.Now()}, nil
		}
		return nil, err
	}
	s := &attempts{began: time.Now(), settled: make(chan struct{})}
	for _, address := range addresses[:min(len(addresses), maxAddresses)] {
		s.all = append(s.all, &attempt{address: address, done: make(chan struct{})})
	}
	if len(s.all) == 1 {
		s.try(ctx, w, e, s.all[0])
		return s, nil
	}
	for _, a := range s.all {
		go s.try(ctx, w, e, a)
	}
	return s, nil
}

func (s *attempts) try(ctx context.Context, w *engine.World, e netconn.Endpoint, a *attempt) {
	defer close(a.done)
	if err := panics.Call(func() error { a.connect(ctx, w, e); return nil }); err != nil {
		a.problem = fault.Broken(err)
	}
	if a.Connection != nil && a.Conn != nil {
		s.first.Do(func() { time.AfterFunc(earlierPatience, func() { close(s.settled) }) })
	}
}

func (a *attempt) connect(ctx context.Context, w *engine.World, e netconn.Endpoint) {
	a.Connection, a.cut, a.problem = netconn.Try(ctx, w, e, a.address)
	a.ended = time.Now()
}

// choose waits for the first connection in the order of the addresses, though
// not for long where a later one is there, else for the most telling failure.
func (s *attempts) choose() (*netconn.TargetConnection, error) {
	best := &netconn.TargetConnection{Connection: &netconn.Connection{ICMPObserved: true}, Began: s.began}
	var problem error
	for _, a := range s.all {
		select {
		case <-a.done:
		case <-s.settled:
			select {
			case <-a.done:
			default:
				continue // a later one is there
			}
		}
		switch {
		case a.cut:
			return &netconn.TargetConnection{Cut: true}, nil
		case a.problem != nil:
			problem = a.problem
		case a.Conn != nil:
			s.taken = a
			return &netconn.TargetConnection{Connection: a.Connection, Address: a.address, Began: s.began}, nil
		case !best.Address.IsValid() || a.Telling() > best.Telling():
			best = &netconn.TargetConnection{Connection: a.Connection, Address: a.address, Began: s.began}
		}
	}
	switch {
	case best.Address.IsValid():
		return best, nil
	case problem != nil:
		return nil, problem
	}
	return &netconn.TargetConnection{Cut: true}, nil
}

// finish waits for every attempt and closes the connections that nobody took.
func (s *attempts) finish() {
	var all panics.Group
	for _, a := range s.all {
		all.Go(func() {
			<-a.done
			if a != s.taken && a.Connection != nil && a.Conn != nil {
				a.Conn.Close()
			}
		})
	}
	all.Wait()
}

// fields are the attribute attempts.
func (s *attempts) fields() []fields {
	rows := make([]fields, len(s.all))
	for i, a := range s.all {
		rows[i] = a.fields()
	}
	return rows
}
