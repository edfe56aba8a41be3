package main

// The terminal's rules:
//
//   - Results go to standard output and nothing else does. Progress, notes and
//     errors go to standard error.
//   - Colour only where the stream is a terminal that understands it
//     (TERM is not "dumb") and NO_COLOR is not set (https://no-color.org).
//   - Lines are as wide as the terminal, or 80 columns where there is none.
//   - Symbols and letters beyond ASCII only where the locale is UTF-8
//     (LC_ALL, else LC_CTYPE, else LANG). Windows' console always is.
//   - The progress line stands on standard error, only where that is a
//     terminal, and is wiped off before anything else is written.
//   - How far a package has come is told after a second: there on that line,
//     else with a line now and then.
//   - What the network said and what files hold never controls the terminal:
//     rules/terminal spells out every control character.
//   - Nobody is asked anything: all of it also works from cron.

import (
	"io"
	"io/fs"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"github.com/fatih/color"
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/terminal"
	"golang.org/x/term"
)

// A console is what a command may read, write and know of its surroundings.
type console struct {
	in      io.Reader
	out     io.Writer
	err     io.Writer
	environ []string // NAME=value, as of os.Environ

	outTTY tty
	errTTY tty

	// etc is the folder of the computer's own runbook and profiles.
	etc string

	// What the streams lead to; nil where that is not known.
	stdout, stderr fs.FileInfo
	inputs         inputs
}

// A tty is what may be written to a stream. Its zero value suits a file.
type tty struct {
	colour bool
	width  int  // columns; 0 where the stream is no terminal
	ascii  bool // nothing but ASCII is understood
	live   bool // lines may be wiped off again
}

// osConsole is the console that the operating system gave us.
func osConsole() *console {
	// A reader that goes away is an error of the write that notices (EPIPE),
	// not the end of the process: files may still have to be written. To ask
	// for the signal does that, and unlike ignoring it is not inherited.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)

	c := &console{in: os.Stdin, out: os.Stdout, err: os.Stderr, environ: os.Environ(), etc: etcFolder()}
	c.outTTY, c.errTTY = c.tty(os.Stdout), c.tty(os.Stderr)
	// Where the terminal needs its escape sequences translated (Windows).
	if c.outTTY.width > 0 {
		c.out = color.Output
	}
	// One that can't be asked is never what a path leads to.
	c.stdout, _ = os.Stdout.Stat()
	c.stderr, _ = os.Stderr.Stat()
	if closedStdout() {
		c.out, c.stdout = closedOutput{}, nil
	}
	if c.errTTY.width > 0 {
		c.err = color.Error
	}
	return c
}

func (c *console) tty(f *os.File) tty {
	t := tty{ascii: !c.utf8()}
	if !term.IsTerminal(int(f.Fd())) {
		return t
	}
	t.width = terminal.DefaultWidth
	if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
		t.width = w
	}
	t.live = c.getenv("TERM") != "dumb"
	t.colour = t.live && c.getenv("NO_COLOR") == ""
	return t
}

func (c *console) utf8() bool {
	if runtime.GOOS == "windows" {
		return true
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToLower(c.getenv(name)); locale != "" {
			return strings.Contains(locale, "utf-8") || strings.Contains(locale, "utf8")
		}
	}
	return false
}

func (c *console) getenv(name string) string {
	value := ""
	for _, kv := range c.environ {
		if k, v, _ := strings.Cut(kv, "="); k == name {
			value = v
		}
	}
	return value
}

func etcFolder() string {
	if runtime.GOOS == "windows" {
		return os.Getenv("ProgramData") + `\linecheck`
	}
	return "/etc/linecheck"
}

// diagnose writes diagnostics for a person to standard error. Files are the
// bytes of the files that they quote.
func (c *console) diagnose(files map[string][]byte, diags hcl.Diagnostics) {
	// Nothing can be done about standard error being gone.
	_ = diagnostic.Text(c.err, diags, files, c.errTTY.style())
}

// oneLine is text cut to what one line of the terminal holds and can be wiped
// off again: a line that wraps could not be.
func (t tty) oneLine(text string) string {
	const dots = "..."
	text = terminal.Line(text)
	if t.ascii {
		text = terminal.ASCII(text)
	}
	if terminal.Width(text) < t.width {
		return text
	}
	head, _ := terminal.Cut(text, t.width-1-len(dots))
	return head + dots
}

// style is how diagnostics look on t.
func (t tty) style() diagnostic.Style { return diagnostic.Style{Width: t.width, Color: t.colour} }
