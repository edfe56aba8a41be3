package farend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/linecheck/linecheck/engine/process"
	"github.com/linecheck/linecheck/rules/language"
)

// Dial starts the far side behind a command, which stands in a site's profile
// outside of packages and nowhere else (see rules.Site.Refusals), and waits until it has greeted. The kinds are those that it
// will be asked for. An error is in the words of what failed: ours, those of the
// command, or those of the other computer.
//
// The command gets a session of its own, without a terminal: it can't ask
// anybody for a password. It is killed with all that it started, as package
// process describes, when the session is closed, or when it does not greet in
// time.
func Dial(ctx context.Context, s *Side, kinds []*language.Kind, via []string) (*Session, error) {
	c, err := start(s, via)
	if err != nil {
		return nil, err
	}
	return open(ctx, s, kinds, stream{in: c.stdout, out: c.stdin, end: c.end, greeted: func() { c.greeted.Store(true) }})
}

// A child is the command that reaches the other computer.
type child struct {
	via    []string
	cmd    *exec.Cmd
	tree   *process.Tree
	stdin  io.WriteCloser
	stdout *os.File
	stderr tail

	greeted atomic.Bool // linecheck runs over there
	killed  atomic.Bool // it did not end by itself
}

func start(s *Side, via []string) (*child, error) {
	args := append(append([]string{}, via[1:]...), program, ServeCommand)
	if s.AllowExec {
		args = append(args, AllowExecFlag)
	}
	if len(s.AllowRead) > 0 {
		args = append(args, AllowReadFlag+"="+everyFile)
	}
	c := &child{via: via, cmd: exec.Command(via[0], args...)}
	c.cmd.Stderr = &c.stderr
	c.cmd.WaitDelay = leaveTimeout // for a grandchild that holds standard error
	var err error
	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("start %s: %w", via[0], err)
	}
	// Not a StdoutPipe: the end of the process would cut off what was not read.
	read, write, err := os.Pipe()
	if err != nil {
		c.stdin.Close()
		return nil, fmt.Errorf("start %s: %w", via[0], err)
	}
	c.stdout, c.cmd.Stdout = read, write
	c.tree, err = process.Start(c.cmd)
	write.Close()
	if err != nil {
		read.Close()
		c.stdin.Close()
		if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("there is no program %s on this computer, through which the other one is reached", words(via[0]))
		}
		return nil, fmt.Errorf("start %s: %w", words(via[0]), err)
	}
	return c, nil
}

// end waits for the command's end, or brings it about, and says why nothing more
// arrives: err is what reading ended with, nil if nobody wants to read on.
func (c *child) end(err error) error {
	patience := time.Duration(0)
	if err == nil || errors.Is(err, io.EOF) {
		patience = leaveTimeout
	}
	if !within(c.tree.Exited(), patience) {
		c.killed.Store(true)
	}
	c.tree.End() // how it ended stands in its state
	c.stdout.Close()
	if err == nil {
		return nil
	}
	said := words(c.stderr.String())
	var what []string
	if said != "" {
		what = append(what, said)
	}
	if !errors.Is(err, io.EOF) || errors.Is(err, errNonsense) {
		what = append(what, err.Error())
	}
	code := -1
	if !c.killed.Load() {
		if len(what) == 0 && c.cmd.ProcessState.Success() {
			what = append(what, "it ended without a word") // a forced command, a transfer-only account
		}
		what = append(what, c.cmd.ProcessState.String())
		code = c.cmd.ProcessState.ExitCode()
	} else if len(what) == 0 {
		what = append(what, "it closed its output")
	}
	text := words(strings.Join(c.via, " ")) + ": " + strings.Join(what, "; ")
	if c.greeted.Load() {
		return errors.New(text)
	}
	lines := strings.FieldsFunc(c.stderr.String(), func(r rune) bool { return r == '\n' || r == '\r' })
	if printed := foreignLine(""); errors.As(err, &printed) { // Docker says it on standard output
		lines = append(lines, string(printed))
		said = strings.TrimSpace(said + " " + string(printed))
	}
	return errors.New(advise(c.via, said, ending{code, lines}, text))
}

// A tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(p)
	if len(p) > maxTail {
		p = p[len(p)-maxTail:]
	}
	t.text = append(t.text, p...)
	if len(t.text) > maxTail {
		t.text = append(t.text[:0], t.text[len(t.text)-maxTail:]...)
	}
	return n, nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
