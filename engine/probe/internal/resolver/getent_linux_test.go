package resolver

import (
	"context"
	"os/exec"
	"testing"

	"github.com/linecheck/linecheck/rules/rulestest"
)

// A build without the C library has the same answer from getent(1).
func TestLookupByGetent(t *testing.T) {
	if _, err := exec.LookPath("getent"); err != nil {
		rulestest.Missing(t, "getent is not installed")
	}
	addresses, err := lookupByGetent(t.Context(), "ip4", "localhost")
	if err != nil || len(addresses) != 1 || !addresses[0].IsLoopback() {
		t.Errorf("localhost is %v, %v", addresses, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if addresses, err := lookupByGetent(ended, "ip", "localhost"); err == nil {
		t.Errorf("found %v after the end", addresses)
	}
}
