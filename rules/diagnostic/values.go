package diagnostic

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// A value is what a reference stood for when its expression broke.
type value struct {
	Traversal string `json:"traversal"`
	Statement string `json:"statement"`
}

const (
	maxValues = 20 // that one diagnostic shows
	maxString = 60 // bytes of a string value that are shown
)

// valuesOf is what the references of the expression stood for, where the
// diagnostic says in which context it was evaluated. Sensitive values are left
// out.
func valuesOf(d *hcl.Diagnostic) []value {
	if d.Expression == nil || d.EvalContext == nil {
		return nil
	}
	var values []value
	seen := map[string]bool{}
	for _, t := range d.Expression.Variables() {
		name := terminal.Reference(t)
		if seen[name] {
			continue
		}
		seen[name] = true
		v, diags := t.TraverseAbs(d.EvalContext)
		if diags.HasErrors() || v.ContainsMarked() {
			continue
		}
		values = append(values, value{name, statement(v)})
	}
	slices.SortFunc(values, func(a, b value) int { return strings.Compare(a.Traversal, b.Traversal) })
	return values[:min(len(values), maxValues)]
}

// statement is a value in few words.
func statement(v cty.Value) string {
	t := v.Type()
	switch {
	case !v.IsKnown():
		return "was not observed"
	case v.IsNull():
		return "is null"
	case t == cty.String:
		return fmt.Sprintf("is %q", terminal.Shorten(v.AsString(), maxString))
	case t == cty.Number, t == cty.Bool:
		return "is " + terminal.Value(v)
	case t.IsObjectType():
		return fmt.Sprintf("is an object with %s", terminal.Count(len(t.AttributeTypes()), "attribute"))
	case v.CanIterateElements():
		return fmt.Sprintf("is a %s with %s", t.FriendlyName(), terminal.Count(v.LengthInt(), "element"))
	default:
		return "is a " + t.FriendlyName()
	}
}
