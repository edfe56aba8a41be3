package signature

import (
	"testing"

	"github.com/opencontainers/go-digest"
)

func TestClaimedKey(t *testing.T) {
	k := newKey(t, "-algorithm", "ed25519")
	b := sign(t, k, digest.FromString("manifest"))
	if got := ClaimedKey(b); got != k.Public().Fingerprint() {
		t.Errorf("claimed %q, want %q", got, k.Public().Fingerprint())
	}
	stranger := forge(t, k, statementOf(subjectOf(digest.FromString("manifest"))), func(e *envelope) {
		e.VerificationMaterial.PublicKey.Hint = "\x1b[31mthe real one"
	})
	for _, b := range [][]byte{stranger, []byte("no bundle"), nil} {
		if got := ClaimedKey(b); got != "" {
			t.Errorf("%.40q claims %q", b, got)
		}
	}
}
