//go:build unix

package probe

import (
	"os/exec"
	"syscall"
)

// ownGroup gives a command a process group of its own, all of which is killed
// when its context ends. The function ends what is left of the group behind a
// command that has ended itself.
func ownGroup(cmd *exec.Cmd) (end func()) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	kill := func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.Cancel = kill
	return func() { kill() } // that none is left is the usual case
}
