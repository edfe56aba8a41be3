//go:build unix && !linux

package process

import (
	"os/exec"
	"syscall"
)

// Adopt does nothing: the system hands orphans to init alone.
func Adopt() error { return nil }

type mark struct{}

func ownSession(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

func (t *Tree) start() error { return t.cmd.Start() }

// await waits for the command; that it has ended can't be learnt otherwise.
func (t *Tree) await() {
	t.err = t.cmd.Wait()
	close(t.exited)
}

// killAll kills the command's group. Of one that has been waited for, the number
// is its own only as long as the group has members, which is nearly always when
// there is something to kill.
func (t *Tree) killAll() {
	_ = syscall.Kill(-t.cmd.Process.Pid, syscall.SIGKILL) // ESRCH: none is left
}

func (t *Tree) reap() {}
