package probe

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/panics"
)

// maxAddresses bounds how many of a name's addresses are tried: what gives
// mail servers out by the dozen has more than anybody tries.
const maxAddresses = 16

// An attempt is how connecting to one of a name's addresses ended.
type attempt struct {
	address netip.Addr
	*connection
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
	f["connected"], f["refused"], f["timed_out"] = a.conn != nil, a.refused, a.timedOut
	f["local_error"] = nullIfEmpty(a.localError)
	switch {
	case a.conn != nil || a.localError != "": // no error ended it
	case a.icmpObserved:
		f["icmp"] = icmpFields(a.icmp)
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
func connectAll(ctx context.Context, w *engine.World, e endpoint) (*attempts, error) {
	addresses, err := lookupEndpoint(ctx, w, e)
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

func (s *attempts) try(ctx context.Context, w *engine.World, e endpoint, a *attempt) {
	defer close(a.done)
	if err := panics.Call(func() error { a.connect(ctx, w, e); return nil }); err != nil {
		a.problem = brokenBy(err)
	}
	if a.connection != nil && a.conn != nil {
		s.first.Do(func() { time.AfterFunc(earlierPatience, func() { close(s.settled) }) })
	}
}

func (a *attempt) connect(ctx context.Context, w *engine.World, e endpoint) {
	began := time.Now()
	limited, cancel := context.WithTimeout(ctx, connectPatience)
	defer cancel()
	c, err := connectTCP(limited, w, connectOptions{address: netip.AddrPortFrom(a.address, e.port), source: e.source})
	a.ended = time.Now()
	switch {
	case err == nil && c.conn != nil:
		a.connection = c
	case ctx.Err() != nil && (err != nil || c.timedOut) && !silenceCounts(ctx, began):
		a.cut = true
	case errors.Is(err, syscall.ECONNRESET):
		a.connection = resetConnection(w, time.Since(began))
	case err != nil:
		a.problem = err
	default:
		c.localError = connectError(c.localError, a.address, e.source)
		a.connection = c
	}
}

// choose waits for the first connection in the order of the addresses, though
// not for long where a later one is there, else for the most telling failure.
func (s *attempts) choose() (*targetConnection, error) {
	best := &targetConnection{connection: &connection{icmpObserved: true}, began: s.began}
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
			return &targetConnection{cut: true}, nil
		case a.problem != nil:
			problem = a.problem
		case a.conn != nil:
			s.taken = a
			return &targetConnection{connection: a.connection, address: a.address, began: s.began}, nil
		case !best.address.IsValid() || a.telling() > best.telling():
			best = &targetConnection{connection: a.connection, address: a.address, began: s.began}
		}
	}
	switch {
	case best.address.IsValid():
		return best, nil
	case problem != nil:
		return nil, problem
	}
	return &targetConnection{cut: true}, nil
}

// finish waits for every attempt and closes the connections that nobody took.
func (s *attempts) finish() {
	var all panics.Group
	for _, a := range s.all {
		all.Go(func() {
			<-a.done
			if a != s.taken && a.connection != nil && a.conn != nil {
				a.conn.Close()
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
