package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/survey"
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
	// places are the sites that are named, and whether their vantages are; none
	// where there is only one place.
	places map[string]bool

	mu      sync.Mutex
	running []string // what started and did not end, in the order of starting
	done    int      // checks that ended
	drawn   bool

	quit    chan struct{}
	stopped panics.Group
}

// runShown runs a survey and shows what is going on.
func (c *console) runShown(ctx context.Context, s *survey.Survey, o survey.Options) (*engine.Report, hcl.Diagnostics) {
	progress := c.startProgress(s.Places())
	defer progress.stop()
	o.Notify = progress.notify
	return s.Run(ctx, o)
}

// startProgress draws on the console's standard error; it does nothing where
// that is no terminal.
func (c *console) startProgress(places []*survey.Place) *progress {
	p := &progress{w: c.err, tty: c.errTTY, start: time.Now(), quit: make(chan struct{})}
	if len(places) > 1 {
		p.places = map[string]bool{}
		for _, place := range places {
			p.places[place.Site.Name] = place.Vantage != nil // without profiles there is one place
		}
	}
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

// notify takes an event of a run.
func (p *progress) notify(e engine.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	what := p.prefix(e) + strings.TrimPrefix(e.Address, "check.")
	switch e.Kind {
	case engine.CheckStarted, engine.FactStarted:
		p.running = append(p.running, what)
		return
	case engine.CheckEnded:
		p.done++
	case engine.FactEnded:
	default:
		return
	}
	if i := slices.Index(p.running, what); i >= 0 {
		p.running = slices.Delete(p.running, i, i+1)
	}
}

// prefix tells events of a place from those of others.
func (p *progress) prefix(e engine.Event) string {
	switch hasVantages, several := p.places[e.Site]; {
	case !several:
		return ""
	case !hasVantages:
		return e.Site + ":"
	default:
		return e.Site + "/" + e.Vantage + ":"
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
