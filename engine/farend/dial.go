package farend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/linecheck/linecheck/rules"
)

// Dial starts the far side behind a command, which stands in a site's profile
// and nowhere else, and waits until it has greeted. The kinds are those that it
// will be asked for. An error is in the words of what failed: ours, those of the
// command, or those of the other computer.
//
// The command gets a session of its own, without a terminal: it can't ask
// anybody for a password. It is killed with all that it started when the
// session is closed, or when it does not greet in time.
func Dial(ctx context.Context, s *Side, kinds []*rules.Kind, via []string) (*Session, error) {
	c, err := start(s, via)
	if err != nil {
		return nil, err
	}
	return open(ctx, s, kinds, stream{in: c.stdout, out: c.stdin, end: c.end})
}

// A child is the command that reaches the other computer.
type child struct {
	via    []string
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *os.File
	stderr tail
	ended  chan struct{} // closed when the process has ended and was waited for
}

func start(s *Side, via []string) (*child, error) {
	args := append(append([]string{}, via[1:]...), program, ServeCommand)
	if s.AllowExec {
		args = append(args, AllowExecFlag)
	}
	c := &child{via: via, cmd: exec.Command(via[0], args...), ended: make(chan struct{})}
	ownSession(c.cmd)
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
	err = c.cmd.Start()
	write.Close()
	if err != nil {
		read.Close()
		c.stdin.Close()
		if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("there is no program %s on this computer, through which the other one is reached", words(via[0]))
		}
		return nil, fmt.Errorf("start %s: %w", words(via[0]), err)
	}
	go func() {
		c.cmd.Wait() // how it ended stands in its state
		close(c.ended)
	}()
	return c, nil
}

// end waits for the command's end, or brings it about, and says why nothing more
// arrives: err is what reading ended with, nil if nobody wants to read on.
func (c *child) end(err error) error {
	patience := time.Duration(0)
	if err == nil || errors.Is(err, io.EOF) {
		patience = leaveTimeout
	}
	killed := !within(c.ended, patience)
	kill(c.cmd) // of one that has ended, what it left behind
	<-c.ended
	c.stdout.Close()
	if err == nil {
		return nil
	}
	said := words(c.stderr.String())
	if missing(said) {
		return fmt.Errorf("there is no linecheck on the other computer (%s). %s", said, copyHint(c.via))
	}
	var what []string
	if said != "" {
		what = append(what, said)
	}
	if !errors.Is(err, io.EOF) {
		what = append(what, err.Error())
	}
	if !killed {
		what = append(what, c.cmd.ProcessState.String())
	} else if len(what) == 0 {
		what = append(what, "it closed its output")
	}
	return fmt.Errorf("%s: %s", words(strings.Join(c.via, " ")), strings.Join(what, "; "))
}

// missing reports whether a shell or what stands for one says that linecheck is
// not there. Exit statuses differ: 127 of a shell, 255 of ip netns exec, 1 of
// kubectl.
func missing(said string) bool {
	said = strings.ToLower(said)
	return strings.Contains(said, program) && (strings.Contains(said, "not found") || strings.Contains(said, "no such file"))
}

// copyHint is the command that would bring linecheck to the other computer.
func copyHint(via []string) string {
	const local, folder = `"$(command -v linecheck)"`, ":/usr/local/bin/"
	switch filepath.Base(via[0]) {
	case "ssh":
		if options, host := sshArgs(via[1:]); host != "" {
			return "Copy this one there: " + strings.Join(append(append([]string{"scp"}, options...), local, words(host)+folder), " ")
		}
	case "docker", "podman":
		return fmt.Sprintf("Copy this one there: %s cp %s %s%s", filepath.Base(via[0]), local, words(via[len(via)-1]), folder)
	}
	return "Copy this one there (" + local + "), into a folder of its PATH."
}

// sshValued are the options of ssh(1) that take a value, sshOnly those that
// scp(1) does not know in the same sense.
const (
	sshValued = "BbcDEeFIiJLlmOoPpQRSWw"
	sshOnly   = "fGgKkMNnsTtVvXxYy"
)

// sshArgs is the host that arguments of ssh name, and the options before it as
// scp takes them.
func sshArgs(args []string) (options []string, host string) {
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case len(a) < 2 || a[0] != '-':
			return options, a
		case a == "--":
		case strings.IndexByte(sshValued, a[1]) >= 0:
			value := a[2:]
			if value == "" && i+1 < len(args) {
				i++
				value = args[i]
			}
			switch a[1] {
			case 'p':
				options = append(options, "-P", words(value))
			case 'l':
				options = append(options, "-o", "User="+words(value))
			case 'F', 'i', 'J', 'o', 'c':
				options = append(options, a[:2], words(value))
			}
		case strings.IndexByte(sshOnly, a[1]) < 0:
			options = append(options, words(a))
		}
	}
	return options, ""
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
