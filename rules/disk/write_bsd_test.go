//go:build unix && !linux

package disk

import (
	"os"
	"testing"
)

func asOrdinaryUser(t *testing.T) {
	t.Helper()
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
}
