package rulestest

import (
	"os"
	"testing"
)

// NoSkip is the environment variable that turns a skipped test into a failed
// one: where everything is installed (in CI), nothing may be left out unseen.
const NoSkip = "LINECHECK_NO_SKIP"

// Missing skips a test that can't run on this machine and says what it lacks;
// where [NoSkip] is 1 the test fails.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv(NoSkip) == "1" {
		t.Fatalf("%s=1, but %s", NoSkip, what)
	}
	t.Skip(what)
}
