// Package panics carries a panic out of the goroutine that it happened in to
// whoever waits for that goroutine. Go ends the program otherwise, in its own
// words, and nobody who waits can recover from it or say what was being done.
//
// Start with [Group], which stands in for a sync.WaitGroup, or with [Start] and
// [Send] for a result: these panic with a [Recovered] where they are waited for.
// [Call] makes an error of a panic, where one must not end the rest.
package panics

import (
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// A Recovered is a panic that was recovered from, and is handed on.
type Recovered struct {
	Value any    // that panic was called with
	Stack []byte // of the goroutine, at the panic; as of debug.Stack
}

// Recover makes a Recovered of what recover returned. It is called by the
// deferred function itself, while the stack is still there; one that was
// recovered before keeps its stack.
func Recover(value any) *Recovered {
	if r, ok := value.(*Recovered); ok {
		return r
	}
	return &Recovered{Value: value, Stack: debug.Stack()}
}

// Error is the panic in Go's words, which may quote anything that the program
// held: it is no text for a report.
func (r *Recovered) Error() string { return fmt.Sprint(r.Value) }

// A Group is a sync.WaitGroup of goroutines whose panics Wait hands on. The zero
// value is ready to use.
type Group struct {
	running sync.WaitGroup
	first   atomic.Pointer[Recovered]
}

// Go runs f in a goroutine of the group.
func (g *Group) Go(f func()) {
	g.running.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				g.first.CompareAndSwap(nil, Recover(p))
			}
		}()
		f()
	})
}

// Wait waits for all goroutines and panics with the first panic of any.
func (g *Group) Wait() {
	g.running.Wait()
	if p := g.first.Load(); p != nil {
		panic(p)
	}
}

// Start runs f in a goroutine. What is received, once, gives its result or
// panics with its panic: v := (<-ch)().
func Start[T any](f func() T) <-chan func() T {
	done := make(chan func() T, 1)
	go Send(done, f)
	return done
}

// Send runs f and sends what gives its result or panics with its panic.
func Send[T any](to chan<- func() T, f func() T) {
	var v T
	if err := Call(func() error { v = f(); return nil }); err != nil {
		to <- func() T { panic(err) }
		return
	}
	to <- func() T { return v }
}

// Call is f, or the *Recovered that f panicked with.
func Call(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = Recover(p)
		}
	}()
	return f()
}
