package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/linecheck/linecheck/rules/bundle/registry"
)

// TestTransfer shows a transfer of a given length to a terminal and to a file.
func TestTransfer(t *testing.T) {
	terminal := tty{width: 40, live: true}
	for name, test := range map[string]struct {
		tty          tty
		takes        time.Duration
		draws, lines int // lines that are rewritten, and those that stay
	}{
		"quick, on a terminal":          {terminal, quickTransfer - 1, 0, 0},
		"quick, to a file":              {tty{}, quickTransfer - 1, 0, 0},
		"on a terminal":                 {terminal, 3 * time.Second, 21, 0},
		"to a file":                     {tty{}, 35 * time.Second, 0, 3},
		"a terminal that can't rewrite": {tty{width: 40}, 35 * time.Second, 0, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				c := &console{err: &out, errTTY: test.tty}
				transfer := c.startTransfer("Pulling", "oci://registry.example/runbooks/net:1.0.0")
				transfer.notify(registry.Event{What: "config", Done: 1000, Total: 1000})
				step := 10 * time.Millisecond
				for done := step; done <= test.takes; done += step {
					time.Sleep(step)
					transfer.notify(registry.Event{What: "files", Done: done.Milliseconds(), Total: test.takes.Milliseconds()})
				}
				transfer.stop()
				text := out.String()
				if got := strings.Count(text, "Pulling"); got != test.draws+test.lines {
					t.Errorf("drawn %d times, want %d:\n%q", got, test.draws+test.lines, text)
				}
				if got := strings.Count(text, "\n"); got != test.lines {
					t.Errorf("%d lines stay, want %d:\n%q", got, test.lines, text)
				}
				for line := range strings.SplitSeq(strings.TrimSuffix(text, eraseLine), eraseLine) {
					if test.tty.live && len(line) >= test.tty.width {
						t.Errorf("a line of %d columns would wrap: %q", len(line), line)
					}
				}
				if test.draws > 0 && !strings.HasSuffix(text, eraseLine) {
					t.Errorf("the line stays: %q", text)
				}
				if test.lines > 0 && !strings.HasSuffix(text, "Pulling oci://registry.example/runbooks/net:1.0.0: 31.0 kB of 36.0 kB (files)\n") {
					t.Errorf("how far it has come is not said: %q", text)
				}
			})
		})
	}
}
