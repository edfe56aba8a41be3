package terminal

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// Reference is a reference as it is written: check.x["a"].result.code.
func Reference(t hcl.Traversal) string {
	var b strings.Builder
	for _, step := range t {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(s.Name)
		case hcl.TraverseAttr:
			b.WriteByte('.')
			b.WriteString(s.Name)
		case hcl.TraverseIndex:
			b.WriteByte('[')
			switch {
			case !s.Key.IsKnown() || s.Key.IsNull():
				b.WriteString("…")
			case s.Key.Type() == cty.String:
				b.WriteString(Literal(s.Key.AsString()))
			case s.Key.Type() == cty.Number:
				b.WriteString(s.Key.AsBigFloat().Text('f', -1))
			default:
				b.WriteString("…")
			}
			b.WriteByte(']')
		case hcl.TraverseSplat:
			b.WriteString("[*]")
			b.WriteString(Reference(s.Each))
		}
	}
	return b.String()
}

// Literal is s as a quoted string of the language.
func Literal(s string) string {
	q := strconv.Quote(s)
	if strings.Contains(s, "${") || strings.Contains(s, "%{") {
		q = strings.NewReplacer("${", "$${", "%{", "%%{").Replace(q)
	}
	return q
}
