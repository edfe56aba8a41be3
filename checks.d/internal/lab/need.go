package lab

import (
	"github.com/linecheck/linecheck/rules/rulestest"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// Need skips the test where networks can't be built: elsewhere than on Linux,
// not as root, or without the named programs. Under LINECHECK_NO_SKIP=1 (CI) it
// fails instead, so that a forgotten package does not pass for a green test.
func Need(t testing.TB, programs ...string) {
	t.Helper()
	var missing []string
	if runtime.GOOS != "linux" {
		missing = append(missing, "Linux")
	} else if os.Geteuid() != 0 {
		missing = append(missing, "root")
	}
	for _, program := range append(programs, "ip") {
		if _, err := exec.LookPath(program); err != nil {
			missing = append(missing, "the program "+program)
		}
	}
	if len(missing) > 0 {
		Missing(t, missing...)
	}
}

// Missing skips, or under LINECHECK_NO_SKIP=1 fails, a test that can't run
// without what is named.
func Missing(t testing.TB, what ...string) {
	t.Helper()
	rulestest.Missing(t, "the lab needs "+strings.Join(what, ", "))
}
