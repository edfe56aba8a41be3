package probe

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

// checkBounds holds an observed value against the bounds and words that its
// attribute declares.
func checkBounds(t *testing.T, what string, a *rules.Attribute, v cty.Value) {
	t.Helper()
	switch {
	case !v.IsKnown() || v.IsNull():
	case a.Least != cty.NilVal && v.LessThan(a.Least).True(), a.Most != cty.NilVal && v.GreaterThan(a.Most).True():
		t.Errorf("%s is %s, out of its bounds", what, v.AsBigFloat())
	case a.Words != nil && !slices.Contains(a.Words, v.AsString()):
		t.Errorf("%s is %q, which is not declared", what, v.AsString())
	}
}

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
				bounded := a.Least != cty.NilVal || a.Most != cty.NilVal || a.MostArg != ""
				if bounded && a.Type != cty.Number || a.Words != nil && a.Type != cty.String {
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
			used[icmp4Name(typ, code)] = true
			used[icmp6Name(typ, code)] = true
		}
	}
	sameWords(t, attribute(icmpAttribute.Attrs, "name").Words, used)
}
