package rules

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// TraversalString is a reference as it is written: check.x["a"].result.code.
func TraversalString(t hcl.Traversal) string {
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
				b.Write(hclQuote(s.Key.AsString()))
			case s.Key.Type() == cty.Number:
				b.WriteString(s.Key.AsBigFloat().Text('f', -1))
			default:
				b.WriteString("…")
			}
			b.WriteByte(']')
		case hcl.TraverseSplat:
			b.WriteString("[*]")
			b.WriteString(TraversalString(s.Each))
		}
	}
	return b.String()
}

// hclQuote is s as a quoted string of the language.
func hclQuote(s string) []byte {
	q := strconv.AppendQuote(nil, s)
	if strings.Contains(s, "${") || strings.Contains(s, "%{") {
		q = []byte(strings.NewReplacer("${", "$${", "%{", "%%{").Replace(string(q)))
	}
	return q
}
