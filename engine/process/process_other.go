//go:build !unix

package process

import "os/exec"

// Adopt does nothing: the system knows no orphans.
func Adopt() error { return nil }

type mark struct{}

// ownSession does nothing: the system knows no sessions.
func ownSession(*exec.Cmd) {}

func (t *Tree) start() error { return t.cmd.Start() }

func (t *Tree) await() {
	t.err = t.cmd.Wait()
	close(t.exited)
}

// killAll kills the command alone.
func (t *Tree) killAll() {
	_ = t.cmd.Process.Kill() // it may have ended by itself
}

func (t *Tree) reap() {}
