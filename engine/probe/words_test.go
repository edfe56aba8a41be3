package probe

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// TestBoundsAreDeclared: what can't be negative says so, and an argument that
// bounds something always has a value.
func TestBoundsAreDeclared(t *testing.T) {
	for _, p := range All() {
		var check func(prefix string, attrs []language.Attribute)
		check = func(prefix string, attrs []language.Attribute) {
			for i := range attrs {
				a := &attrs[i]
				what := prefix + a.Name
				check(what+".", a.Attrs)
				if arg := a.Domain.MostArgument(); arg != "" && !slices.ContainsFunc(p.Args, func(given language.Attribute) bool {
					return given.Name == arg && (given.Required || given.Default != cty.NilVal)
				}) {
					t.Errorf("%s: the argument %q that bounds it may be left out", what, arg)
				}
				least, _, _, bounded := a.Domain.Bounds()
				if (strings.HasSuffix(a.Name, "_ms") || strings.HasSuffix(a.Name, "_pct")) && !(bounded && least >= 0) {
					t.Errorf("%s has no least value", what)
				}
			}
		}
		check(p.Name+": ", p.Result)
	}
}

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
			used[icmp.Name(false, typ, code)] = true
			used[icmp.Name(true, typ, code)] = true
		}
	}
	sameWords(t, attribute(icmpAttribute.Attrs, "name").Domain.Words(), used)
}
