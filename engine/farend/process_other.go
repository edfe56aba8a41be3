//go:build !unix

package farend

import "os/exec"

// ownSession does nothing: the system knows no sessions.
func ownSession(*exec.Cmd) {}

// kill ends a command.
func kill(cmd *exec.Cmd) {
	_ = cmd.Process.Kill() // it may have ended by itself
}
