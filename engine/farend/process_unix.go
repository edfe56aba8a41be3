//go:build unix

package farend

import (
	"os/exec"
	"syscall"
)

// ownSession gives a command a session of its own, and with it a process group
// and no terminal.
func ownSession(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// kill ends a command and everything in its process group.
func kill(cmd *exec.Cmd) {
	// ESRCH: it ended by itself.
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
}
