package probe

import (
	"maps"
	"slices"
	"testing"
)

// sameWords fails unless an attribute declares just the words that are used.
func sameWords(t *testing.T, declared []string, used map[string]bool) {
	t.Helper()
	for _, word := range declared {
		if !used[word] {
			t.Errorf("%q is never said", word)
		}
	}
	for word := range used {
		if !slices.Contains(declared, word) {
			t.Errorf("%q is not declared", word)
		}
	}
}

func wordsOf[K comparable](m map[K]string) map[string]bool {
	used := map[string]bool{}
	for word := range maps.Values(m) {
		used[word] = true
	}
	return used
}

func TestWordsOfICMP(t *testing.T) {
	used := map[string]bool{}
	for typ := range 256 {
		for code := range 256 {
			used[icmp4Name(typ, code)] = true
			used[icmp6Name(typ, code)] = true
		}
	}
	sameWords(t, attribute(icmpAttribute.Attrs, "name").Words, used)
}
