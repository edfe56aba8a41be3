package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// openTerminal opens a pseudo-terminal of that width: what is written to tty can
// be read from screen.
func openTerminal(t *testing.T, columns uint16) (screen, tty *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { screen.Close() })
	fd := int(screen.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}); err != nil {
		t.Fatal(err)
	}
	return screen, tty
}

// onTerminal runs a command line with both streams on a terminal and returns
// all that its screen was sent.
func onTerminal(t *testing.T, columns uint16, environ []string, args ...string) string {
	t.Helper()
	screen, tty := openTerminal(t, columns)
	sent := make(chan string)
	go func() {
		// Reading a terminal that nobody holds open any more is EIO.
		all, _ := io.ReadAll(screen)
		sent <- string(all)
	}()
	c := &console{in: bytes.NewReader(nil), out: tty, err: tty, environ: environ, etc: t.TempDir()}
	c.outTTY, c.errTTY = c.tty(tty), c.tty(tty)
	execute(c, args)
	tty.Close()
	return strings.ReplaceAll(<-sent, "\r\n", "\n")
}

func runbookFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "a.hcl")
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

const openPort = `
check "open" {
  title   = "The port is open, and this title is long enough to be wrapped on a narrow page"
  target  = "127.0.0.1"
  probe "tcp" { port = 1 }
  pass    = result.connected || result.refused
  explain = "Nobody listens on ${target}."
}`

// sgr is a sequence that paints (ECMA-48).
var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

// TestTerminalRules holds colour and width to what stands at the head of
// tty.go.
func TestTerminalRules(t *testing.T) {
	locale := "LANG=C.UTF-8"
	file := runbookFile(t, openPort)
	for _, test := range []struct {
		name    string
		environ []string
		columns uint16
		colour  bool
		ascii   bool
	}{
		{"terminal", []string{locale, "TERM=xterm"}, 80, true, false},
		{"narrow", []string{locale, "TERM=xterm"}, 50, true, false},
		{"NO_COLOR", []string{locale, "TERM=xterm", "NO_COLOR=1"}, 80, false, false},
		{"NO_COLOR empty", []string{locale, "TERM=xterm", "NO_COLOR="}, 80, true, false},
		{"dumb", []string{locale, "TERM=dumb"}, 80, false, false},
		{"no UTF-8", []string{"LANG=C", "TERM=xterm"}, 80, true, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			out := onTerminal(t, test.columns, test.environ, "run", file)
			if got := strings.Contains(out, "\x1b["); got != test.colour {
				t.Errorf("colour is %v, want %v: %q", got, test.colour, out)
			}
			if got := !strings.Contains(out, "✓"); got != test.ascii {
				t.Errorf("ASCII is %v, want %v: %q", got, test.ascii, out)
			}
			widest := 0
			for line := range strings.Lines(sgr.ReplaceAllString(out, "")) {
				widest = max(widest, utf8.RuneCountInString(line)-1)
			}
			if n := int(test.columns); widest > n || widest < n-15 {
				t.Errorf("the widest line has %d columns of %d: %q", widest, n, out)
			}
		})
	}
}

// TestProgressLeavesNothing runs against a listener that is silent for longer
// than the progress line waits.
func TestProgressLeavesNothing(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	file := runbookFile(t, fmt.Sprintf(`
check "silent" {
  target  = "127.0.0.1"
  timeout = "450ms"
  probe "smtp" { port = %d }
  pass    = result.is_smtp
  explain = "No greeting from ${target}."
}`, l.Addr().(*net.TCPAddr).Port))
	out := onTerminal(t, 80, []string{"LANG=C.UTF-8", "TERM=xterm", "NO_COLOR=1"}, "run", file)
	i := strings.LastIndex(out, eraseLine)
	if !strings.Contains(out, "running: silent") || i < 0 {
		t.Fatalf("no progress was shown: %q", out)
	}
	if rest := out[i+len(eraseLine):]; !strings.HasPrefix(rest, "linecheck\n") || strings.Contains(rest, "running") {
		t.Errorf("the progress line was left behind: %q", out)
	}
	for _, drawn := range strings.Split(out[:i], eraseLine) {
		if strings.Contains(drawn, "\n") || len(drawn) >= 80 {
			t.Errorf("the progress line could not be wiped off: %q", drawn)
		}
	}
}
