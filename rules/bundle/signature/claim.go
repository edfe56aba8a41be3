package signature

import "strings"

// ClaimedKey is the fingerprint of the key that a signature says it was made
// with; "" where it names none. Anybody can write it there: it is for showing,
// and only [Verify] proves anything.
func ClaimedKey(bundle []byte) string {
	b, err := parseBundle(bundle)
	if err != nil {
		return ""
	}
	if name := strangerName(b.hint); strings.HasPrefix(name, "SHA256:") {
		return name
	}
	return ""
}
