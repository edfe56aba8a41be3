// Package process runs commands and leaves nothing of them behind.
//
// [Start] starts a command in a session of its own; [Tree.Exited] tells when it
// has ended by itself, and [Tree.End] ends whatever is left of it. On Linux that
// is everything which it started and which is still below it or in its session,
// and, in a program that has called [Adopt], also what has left both, as daemons
// do. On other systems of the Unix kind it is the command's process group, and
// elsewhere the command alone.
package process

import (
	"os/exec"
	"sync"
)

// A Tree is a command with all that it has started. Its methods may be called by
// several goroutines.
type Tree struct {
	cmd    *exec.Cmd
	exited chan struct{}

	err  error // of Wait
	mark mark

	reaping sync.Once
	mu      sync.Mutex
	reaped  bool // its number may be another's by now
}

// Start starts a command, which must not have been started, in a session of its
// own, without a terminal. A context of the command's ends the whole tree. Its
// error is that of the command's Start. End must follow.
func Start(cmd *exec.Cmd) (*Tree, error) {
	t := &Tree{cmd: cmd, exited: make(chan struct{})}
	ownSession(cmd)
	if cmd.Cancel != nil {
		cmd.Cancel = func() error { t.kill(); return nil }
	}
	t.mu.Lock() // the context may end before we have begun
	defer t.mu.Unlock()
	if err := t.start(); err != nil {
		return nil, err
	}
	go t.await()
	return t, nil
}

// Exited is closed when the command itself has ended.
func (t *Tree) Exited() <-chan struct{} { return t.exited }

// End kills what is left of the tree, and waits for the command. Its error is
// that of the command's Wait, each time it is called.
func (t *Tree) End() error {
	t.kill()
	<-t.exited
	t.reaping.Do(func() {
		t.mu.Lock()
		t.reaped = true
		t.mu.Unlock()
		t.reap() // waits for the context's kill
	})
	return t.err
}

// kill kills the tree, as long as the command's number is its own: it is that of
// its group and session as well, and whoever has waited for it may hit others.
func (t *Tree) kill() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.reaped {
		t.killAll()
	}
}
