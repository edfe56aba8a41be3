package dag

import (
	"context"
	"sync"
	"time"

	"github.com/linecheck/linecheck/rules/panics"
)

// A Visitor is what Walk calls, from several goroutines at once, but for each
// node from one at a time and only after everything that the node depends on
// has ended.
type Visitor struct {
	// Need is asked once of each node with soft dependencies, when its hard
	// ones have ended. It returns those soft ones that have to end before the
	// node is visited. They start at once and side by side. Nil asks for none.
	Need func(n int) []int
	// Visit does a node's work. A duration above zero asks for another visit
	// after that time, during which the node takes up no worker; zero ends
	// the node.
	Visit func(n int) time.Duration
}

// Walk visits each node that is awake, at most limit at a time (at least one),
// and returns when all of them have ended. When ctx ends no further visit
// begins, and Walk returns as soon as those under way have. Nodes on a cycle,
// and those behind one, are never visited. A panic of the visitor ends the walk
// as ctx does, and is then Walk's own.
func (g *Graph) Walk(ctx context.Context, limit int, v Visitor) {
	w := &walk{
		graph: g, visitor: v, limit: max(limit, 1),
		users: reverse(len(g.Hard), g.Hard),
		nodes: make([]node, len(g.Hard)),
		done:  make(chan struct{}),
	}
	w.mu.Lock()
	for n := range w.nodes {
		w.nodes[n].pending = int32(len(g.Hard[n]))
	}
	for n := range w.nodes {
		if g.Lazy == nil || !g.Lazy[n] {
			w.wake(n)
		}
	}
	w.staff()
	if w.busy == 0 {
		close(w.done)
	}
	w.mu.Unlock()

	select {
	case <-w.done:
	case <-ctx.Done():
		w.stop()
		<-w.done
	}
	if w.broken != nil {
		panic(w.broken)
	}
}

// walk is one walk under way. A worker never waits with a node in hand: a node
// with something pending is found again by whatever it waits for.
type walk struct {
	graph   *Graph
	visitor Visitor
	limit   int
	users   edges // of hard dependencies

	mu      sync.Mutex // guards what follows
	nodes   []node
	asked   map[int][]int // nodes waiting for a soft dependency, by dependency
	ready   []int         // nodes that can go on; those before head are taken
	head    int
	workers int
	timers  map[int]*time.Timer // nodes that wait for another visit
	busy    int                 // workers and timers; none left ends the walk
	stopped bool
	broken  error // what a visitor panicked with
	done    chan struct{}
}

type node struct {
	pending int32 // dependencies to wait for
	awake   bool
	needed  bool // Need has been asked
	ended   bool
}

// wake wakes n and what it depends on.
func (w *walk) wake(n int) {
	for stack := []int{n}; len(stack) > 0; {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if w.nodes[n].awake {
			continue
		}
		w.nodes[n].awake = true
		if w.nodes[n].pending == 0 {
			w.ready = append(w.ready, n)
			continue
		}
		if w.graph.Lazy != nil {
			for _, d := range w.graph.Hard[n] {
				if w.graph.Lazy[d] && !w.nodes[d].awake {
					stack = append(stack, d)
				}
			}
		}
	}
}

// staff starts workers for what is ready.
func (w *walk) staff() {
	for range min(len(w.ready)-w.head, w.limit-w.workers) {
		w.workers++
		w.busy++
		go w.work()
	}
}

func (w *walk) work() {
	defer func() {
		if p := recover(); p != nil { // of the visitor, which is called without w.mu
			w.mu.Lock()
			w.broken = panics.Recover(p)
			w.halt()
		}
		w.workers--
		w.leave()
		w.mu.Unlock()
	}()
	w.mu.Lock()
	for !w.stopped && w.head < len(w.ready) {
		n := w.ready[w.head]
		w.head++
		for n >= 0 && !w.stopped {
			if w.gathering(n) {
				break
			}
			w.mu.Unlock()
			again := w.visitor.Visit(n)
			w.mu.Lock()
			if again > 0 {
				w.wait(n, again)
				break
			}
			n = w.end(n)
			w.staff()
		}
	}
}

// gathering asks n for the soft dependencies that it needs and reports whether
// it has to wait for any of them.
func (w *walk) gathering(n int) bool {
	if w.nodes[n].needed || len(w.graph.soft(n)) == 0 || w.visitor.Need == nil {
		return false
	}
	w.nodes[n].needed = true
	w.mu.Unlock()
	need := w.visitor.Need(n)
	w.mu.Lock()
	for _, d := range need {
		if w.nodes[d].ended {
			continue
		}
		if w.asked == nil {
			w.asked = map[int][]int{}
		}
		w.asked[d] = append(w.asked[d], n)
		w.nodes[n].pending++
		w.wake(d)
	}
	w.staff()
	return w.nodes[n].pending > 0
}

// end ends n and returns a node that has become ready by it, for the worker to
// go on with, or -1. Further ones are left to other workers.
func (w *walk) end(n int) (next int) {
	next = -1
	w.nodes[n].ended = true
	free := func(u int) {
		if w.nodes[u].pending--; w.nodes[u].pending > 0 || !w.nodes[u].awake {
			return
		}
		if next < 0 {
			next = u
		} else {
			w.ready = append(w.ready, u)
		}
	}
	for _, u := range w.users.of(n) {
		free(int(u))
	}
	for _, u := range w.asked[n] {
		free(u)
	}
	return next
}

// wait has n visited again after d.
func (w *walk) wait(n int, d time.Duration) {
	if w.stopped {
		return
	}
	if w.timers == nil {
		w.timers = map[int]*time.Timer{}
	}
	w.busy++
	w.timers[n] = time.AfterFunc(d, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.timers, n)
		w.ready = append(w.ready, n)
		if !w.stopped {
			w.staff()
		}
		w.leave()
	})
}

// stop lets no further visit begin.
func (w *walk) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.halt()
}

// halt is stop where w.mu is held.
func (w *walk) halt() {
	w.stopped = true
	for _, t := range w.timers {
		if t.Stop() {
			w.leave()
		}
	}
}

// leave takes one worker or timer off the count.
func (w *walk) leave() {
	if w.busy--; w.busy == 0 {
		close(w.done)
	}
}
