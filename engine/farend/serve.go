package farend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/panics"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// Serve is the far side: it greets, answers what it is asked until in ends or
// ctx does, and leaves nothing running that obeys. Its error says why it could
// not go on, for standard error, which the near side shows.
func Serve(ctx context.Context, s *Side, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	f := &probeServer{side: s, world: &engine.World{}, out: out, asked: map[uint64]context.CancelFunc{}}
	defer f.probes.Wait()
	defer cancel()

	hail := s.greeting()
	hail.Hello.AliveMS = aliveInterval.Milliseconds()
	if err := f.send(hail); err != nil {
		return err
	}
	hear := listen(ctx, newReader(in))
	first, err := hear()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return fmt.Errorf("read from the computer that asks: %w", err)
	case first.Hello == nil:
		return fmt.Errorf("read from the computer that asks: %w: it did not greet", errNonsense)
	}
	if err := s.understands(first.Hello, nil); err != nil {
		return err
	}
	if first.Hello.Near {
		f.probes.Go(func() { f.stayAlive(ctx) })
	}
	for {
		m, err := hear()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read from the computer that asks: %w", err)
		case m.Ask != nil:
			err = f.take(ctx, m.Ask)
		case m.Cancel != 0:
			f.cancel(m.Cancel)
		default:
			err = errNonsense
		}
		if err != nil {
			return err
		}
	}
}

// stayAlive says again and again that this side is there, until ctx ends.
func (f *probeServer) stayAlive(ctx context.Context) {
	tick := time.NewTicker(aliveInterval)
	defer tick.Stop()
	for n := uint64(1); ; n++ {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if f.send(message{Alive: n}) != nil {
			return // who reads the input learns why
		}
	}
}

var errTold = errors.New("told to end before the computer that asks had done")

// listen reads side by side with the rest and returns what gives the next
// message, or errTold once ctx ends, however long the reading waits. It reads
// no more after that than what it waits for.
func listen(ctx context.Context, r reader) (hear func() (message, error)) {
	type heard struct {
		m   message
		err error
	}
	messages := make(chan heard)
	go func() {
		for {
			var m message
			err := panics.Call(func() (err error) { m, err = r.read(); return err })
			select {
			case messages <- heard{m, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return func() (message, error) {
		select {
		case h := <-messages:
			return h.m, h.err
		case <-ctx.Done():
			return message{}, errTold
		}
	}
}

type probeServer struct {
	side   *Side
	world  *engine.World // one for all queries: probes may share what they keep there
	probes panics.Group

	writing sync.Mutex
	out     io.Writer

	mu    sync.Mutex
	asked map[uint64]context.CancelFunc
}

func (f *probeServer) send(m message) error {
	line, err := encode(m)
	if err != nil {
		return err
	}
	f.writing.Lock()
	defer f.writing.Unlock()
	_, err = f.out.Write(line)
	return err
}

func (f *probeServer) cancel(id uint64) {
	f.mu.Lock()
	cancel := f.asked[id]
	f.mu.Unlock()
	if cancel != nil {
		cancel()
	}
}

// take begins to work on a query.
func (f *probeServer) take(ctx context.Context, a *ask) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, twice := f.asked[a.ID]; twice || len(f.asked) >= maxAsked {
		return fmt.Errorf("%w: query %d, with %d others", errNonsense, a.ID, len(f.asked))
	}
	ctx, cancel := context.WithTimeout(ctx, time.Duration(a.TimeoutMS)*time.Millisecond)
	f.asked[a.ID] = cancel
	f.probes.Go(func() {
		reply := &answer{ID: a.ID}
		if err := panics.Call(func() error { reply = f.answer(ctx, a); return nil }); err != nil {
			reply.Problem = fmt.Sprintf("linecheck broke there, which is a fault of its own: %v", err)
		}
		cancel()
		f.mu.Lock()
		delete(f.asked, a.ID)
		f.mu.Unlock()
		if err := f.send(message{Answer: reply}); err != nil {
			// Too long, or nobody is there to read it.
			_ = f.send(message{Answer: &answer{ID: a.ID, Problem: err.Error()}})
		}
	})
	return nil
}

// answer has a probe observe and puts what it said into a message.
func (f *probeServer) answer(ctx context.Context, a *ask) *answer {
	value, err := f.observe(ctx, a)
	if err == nil {
		var raw []byte
		if raw, err = encodeValue(value); err == nil {
			return &answer{ID: a.ID, Result: raw}
		}
		err = fmt.Errorf("the probe's result can't be sent: %w", err)
	}
	return &answer{ID: a.ID, Problem: err.Error()}
}

func (f *probeServer) observe(ctx context.Context, a *ask) (cty.Value, error) {
	probe := f.side.find(a.Kind)
	if probe == nil {
		return cty.NilVal, fmt.Errorf("linecheck %s there has no probe of kind %s", f.side.Version, terminal.Quote(words(a.Kind)))
	}
	if probe.NeedsExec && !f.side.AllowExec {
		return cty.NilVal, fmt.Errorf("a probe of kind %q runs a command, which nobody has allowed there (%s)", probe.Name, AllowExecFlag)
	}
	if probe.ReadsFile && !f.side.mayRead(a.Target) {
		return cty.NilVal, fmt.Errorf("a probe of kind %q reads a file that nobody has allowed there: the command line of linecheck over there says which it may (%s PATH)", probe.Name, AllowReadFlag)
	}
	args, err := decodeArgs(probe, a)
	if err != nil {
		return cty.NilVal, err
	}
	type observed struct {
		value cty.Value
		err   error
	}
	back := make(chan observed, 1)
	go func() {
		o := observed{err: errors.New("the probe ended without an answer, which is a fault of its kind")}
		defer func() {
			if p := recover(); p != nil {
				o = observed{err: fmt.Errorf("the probe broke, which is a fault of its kind: %v", p)}
			}
			back <- o
		}()
		o.value, o.err = probe.Observe(ctx, f.world, engine.Query{Target: a.Target, Args: args})
	}()
	select {
	case o := <-back:
		return o.value, o.err
	case <-ctx.Done():
	}
	late := time.NewTimer(stopGrace)
	defer late.Stop()
	select {
	case o := <-back:
		return o.value, o.err
	case <-late.C:
		return cty.NilVal, fmt.Errorf("the probe did not stop when it had to and was left behind after another %s, which is a fault of its kind", stopGrace)
	}
}

// decodeArgs reads the arguments of a probe and proves them again: what a kind
// refuses must not reach it, whoever asks.
func decodeArgs(probe *engine.Probe, a *ask) (map[string]cty.Value, error) {
	value, err := decodeValue(cty.UnknownVal(probe.ArgsType()), a.Args)
	if err != nil {
		return nil, fmt.Errorf("the arguments of the probe %q can't be read: %w", probe.Name, err)
	}
	args := map[string]cty.Value{}
	if len(probe.Args) > 0 && !value.IsNull() {
		args = value.AsValueMap()
	}
	for i := range probe.Args {
		arg := &probe.Args[i]
		v, ok := args[arg.Name]
		if !ok || !v.IsWhollyKnown() {
			return nil, fmt.Errorf("the argument %s of the probe %q is missing", arg.Name, probe.Name)
		}
		if v.IsNull() {
			continue
		}
		if err := arg.Validate(v); err != nil {
			return nil, fmt.Errorf("the argument %s of the probe %q %w", arg.Name, probe.Name, err)
		}
	}
	return args, nil
}
