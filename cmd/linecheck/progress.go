package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/panics"
)

// progressInterval is how often the progress line is drawn: often enough for
// the seconds to run, seldom enough to cost nothing.
const progressInterval = 100 * time.Millisecond

// A progress shows on one line of a terminal what is going on. The line is
// wiped off by stop.
type progress struct {
	w     io.Writer
	tty   tty
	start time.Time

	mu      sync.Mutex
	running []string // what started and did not end, in the order of starting
	done    int      // checks that ended
	drawn   bool

	quit    chan struct{}
	stopped panics.Group
}

// startProgress draws on the console's standard error; it does nothing where
// that is no terminal.
func (c *console) startProgress() *progress {
	p := &progress{w: c.err, tty: c.errTTY, start: time.Now(), quit: make(chan struct{})}
	if !c.errTTY.live {
		return p
	}
	p.stopped.Go(func() {
		tick := time.NewTicker(progressInterval)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				p.draw()
			case <-p.quit:
				return
			}
		}
	})
	return p
}

// notify takes an event of a run; of is the place's name where there are
// several.
func (p *progress) notify(of string, e engine.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	what := e.Check
	ended := e.Report != nil
	if e.Fact != "" {
		what, ended = e.Fact, e.Done
	}
	what = of + strings.TrimPrefix(what, "check.")
	if !ended {
		p.running = append(p.running, what)
		return
	}
	if e.Fact == "" {
		p.done++
	}
	if i := slices.Index(p.running, what); i >= 0 {
		p.running = slices.Delete(p.running, i, i+1)
	}
}

// eraseLine takes the cursor to the first column and wipes the line off
// (ECMA-48: CR, EL).
const eraseLine = "\r\x1b[K"

func (p *progress) draw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	line := fmt.Sprintf("%.1f s  %d done", time.Since(p.start).Seconds(), p.done)
	if len(p.running) > 0 {
		line += "  running: " + strings.Join(p.running, ", ")
	}
	io.WriteString(p.w, eraseLine+p.tty.oneLine(line))
	p.drawn = true
}

// stop ends the drawing and leaves nothing behind.
func (p *progress) stop() {
	close(p.quit)
	p.stopped.Wait()
	if p.drawn {
		io.WriteString(p.w, eraseLine)
	}
}
