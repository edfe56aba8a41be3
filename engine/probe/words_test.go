package probe

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

// TestBoundsAreDeclared: bounds stand on numbers and words on strings, those of
// an argument name one, and what can't be negative says so.
func TestBoundsAreDeclared(t *testing.T) {
	for _, p := range All() {
		var check func(prefix string, attrs []rules.Attribute)
		check = func(prefix string, attrs []rules.Attribute) {
			for i := range attrs {
				a := &attrs[i]
				what := prefix + a.Name
				check(what+".", a.Attrs)
				of := a.Type
				if of != cty.NilType && of.IsListType() {
					of = of.ElementType()
				}
				bounded := a.Whole || a.Least != cty.NilVal || a.Most != cty.NilVal || a.MostArg != ""
				if bounded && of != cty.Number || (a.Words != nil || a.Check != nil) && of != cty.String {
					t.Errorf("%s: bounds of what is no number, or words of what is no string", what)
				}
				if a.MostArg != "" && !slices.ContainsFunc(p.Args, func(arg rules.Attribute) bool {
					return arg.Name == a.MostArg && arg.Type == cty.Number && (arg.Required || arg.Default != cty.NilVal)
				}) {
					t.Errorf("%s: no argument %q bounds it", what, a.MostArg)
				}
				if a.Least == cty.NilVal && (strings.HasSuffix(a.Name, "_ms") || strings.HasSuffix(a.Name, "_pct")) {
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
	sameWords(t, attribute(icmpAttribute.Attrs, "name").Words, used)
}
