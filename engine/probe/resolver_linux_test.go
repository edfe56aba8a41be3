package probe

import (
	"context"
	"testing"
)

// A build without the C library has the same answer from getent(1).
func TestLookupByGetent(t *testing.T) {
	need(t, "getent")
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
