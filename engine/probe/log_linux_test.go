package probe

import (
	"path/filepath"
	"testing"

	"github.com/linecheck/linecheck/engine"
	"golang.org/x/sys/unix"
)

// Opening a pipe that nobody writes to would wait for ever.
func TestLogIsAPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := ask(t, t.Context(), "log", &engine.World{}, pipe, logArgs("x", ""))
	if want := "open " + pipe + ": not a regular file but a named pipe"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}
