package rules

import (
	"math/big"
	"sort"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// What a value without a value of its own reads in a text.
const (
	textNull      = "none"
	textUnknown   = "not observed"
	textSensitive = "(sensitive)"
	textBroken    = "not available"
)

type sensitiveMark struct{}

func (sensitiveMark) GoString() string { return "rules.Sensitive" }

// Sensitive marks a value that must not be shown: those of sensitive variables
// and everything computed from them.
var Sensitive = sensitiveMark{}

// A textPart is an interpolated part of a text. It embeds a ParenthesesExpr,
// not the part itself, so that a walk also visits the part.
type textPart struct {
	*hclsyntax.ParenthesesExpr
}

// Value renders the part. It has no errors, because a template that sees one
// stops writing.
func (p *textPart) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	v, diags := safeValue(p.Expression, ctx)
	if diags.HasErrors() {
		return cty.StringVal(textBroken), asWarnings(diags)
	}
	return cty.StringVal(FormatValue(v)), diags
}

// wrapText wraps what a text interpolates: the parts of its template, and of
// templates that can become part of its output (branches, bodies of loops,
// elements that join puts together). Templates elsewhere, in arguments of a
// function say, are computed with and keep their meaning.
func wrapText(e hclsyntax.Expression) {
	switch e := e.(type) {
	case *hclsyntax.TemplateExpr:
		for i, part := range e.Parts {
			switch part.(type) {
			case *hclsyntax.LiteralValueExpr, *textPart:
				continue
			}
			wrapText(part)
			e.Parts[i] = &textPart{&hclsyntax.ParenthesesExpr{Expression: part, SrcRange: part.Range()}}
		}
	case *hclsyntax.TemplateWrapExpr:
		wrapText(e.Wrapped)
	case *hclsyntax.ParenthesesExpr:
		wrapText(e.Expression)
	case *hclsyntax.ConditionalExpr:
		wrapText(e.TrueResult)
		wrapText(e.FalseResult)
	case *hclsyntax.TemplateJoinExpr:
		if loop, ok := e.Tuple.(*hclsyntax.ForExpr); ok {
			wrapText(loop.ValExpr)
		}
	case *hclsyntax.FunctionCallExpr:
		if e.Name != "join" {
			return
		}
		for _, arg := range e.Args[min(1, len(e.Args)):] {
			switch arg := arg.(type) {
			case *hclsyntax.ForExpr:
				wrapText(arg.ValExpr)
			case *hclsyntax.TupleConsExpr:
				for _, el := range arg.Exprs {
					wrapText(el)
				}
			}
		}
	}
}

// FormatValue says how a value reads in a text and in evidence. A null reads
// "none", an unknown "not observed", a sensitive value "(sensitive)". Numbers
// are rounded to what measuring gives: from 100 no decimals, from 10 one, from
// 1 two, below three. Lists read "a, b", objects "{name = a, other = b}".
func FormatValue(v cty.Value) string {
	if v == cty.NilVal {
		return textUnknown
	}
	if !v.ContainsMarked() {
		switch {
		case v.IsNull():
			return textNull
		case !v.IsKnown():
			return textUnknown
		case v.Type() == cty.String:
			return v.AsString()
		}
	}
	var b strings.Builder
	formatValue(&b, v, true)
	return b.String()
}

func formatValue(b *strings.Builder, v cty.Value, top bool) {
	if v.HasMark(Sensitive) {
		b.WriteString(textSensitive)
		return
	}
	v, _ = v.Unmark()
	ty := v.Type()
	switch {
	case v.IsNull():
		b.WriteString(textNull)
	case !v.IsKnown():
		b.WriteString(textUnknown)
	case ty == cty.String:
		b.WriteString(v.AsString())
	case ty == cty.Bool:
		b.WriteString(strconv.FormatBool(v.True()))
	case ty == cty.Number:
		b.WriteString(formatNumber(v.AsBigFloat()))
	case ty.IsObjectType(), ty.IsMapType():
		elems := v.AsValueMap()
		names := make([]string, 0, len(elems))
		for name := range elems {
			names = append(names, name)
		}
		sort.Strings(names)
		b.WriteByte('{')
		for i, name := range names {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(name)
			b.WriteString(" = ")
			formatValue(b, elems[name], false)
		}
		b.WriteByte('}')
	case ty.IsListType(), ty.IsSetType(), ty.IsTupleType():
		elems := v.AsValueSlice()
		if top && len(elems) == 0 {
			b.WriteString(textNull)
			return
		}
		if !top {
			b.WriteByte('[')
		}
		for i, el := range elems {
			if i > 0 {
				b.WriteString(", ")
			}
			formatValue(b, el, false)
		}
		if !top {
			b.WriteByte(']')
		}
	default:
		b.WriteString(ty.FriendlyName())
	}
}

// formatNumber rounds to what was measured. A number never becomes 0 by it.
func formatNumber(f *big.Float) string {
	if f.IsInf() || !moderate(f) {
		return f.Text('g', 3)
	}
	if f.IsInt() {
		return f.Text('f', 0)
	}
	x, _ := f.Float64()
	decimals := 3
	switch abs := max(x, -x); {
	case abs >= 100:
		decimals = 0
	case abs >= 10:
		decimals = 1
	case abs >= 1:
		decimals = 2
	}
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "0" || s == "-0" {
		return strconv.FormatFloat(x, 'g', 1, 64)
	}
	return s
}

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

// ShellQuoted is text as one word of a POSIX shell.
func ShellQuoted(text string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.:/%@,+", r)
	}
	if text != "" && strings.IndexFunc(text, func(r rune) bool { return !plain(r) }) < 0 {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
