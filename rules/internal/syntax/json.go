package syntax

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/internal/scan"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// parseJSON turns the JSON form of a file into the body that the native form
// would have, guided by the grammar, so that nothing after it needs to know
// the difference. Strings become templates, conditions are what stands between
// ${ and }, references and types are taken out of their strings.
func parseJSON(src []byte, name string, root *language.BlockType) (*hclsyntax.Body, hcl.Diagnostics) {
	start := hcl.InitialPos
	if rest, ok := bytes.CutPrefix(src, scan.UTF8BOM); ok {
		src, start.Byte = rest, len(scan.UTF8BOM)
	}
	if d := scan.JSON(src, name, start); d != nil {
		return &hclsyntax.Body{}, hcl.Diagnostics{d}
	}
	e, diags := json.ParseExpressionWithStartPos(src, name, start)
	if diags.HasErrors() {
		return &hclsyntax.Body{}, diags
	}
	var r jsonReader
	body := r.body(root, e)
	return body, append(diags, r.diags...)
}

type jsonReader struct{ diags hcl.Diagnostics }

func (r *jsonReader) errorAt(rng hcl.Range, summary, format string, args ...any) {
	r.diags = append(r.diags, diagnostic.ErrorAt(rng, summary, format, args...))
}

// A property is one name of a JSON object with its value.
type property struct {
	name  string
	rng   hcl.Range
	value hcl.Expression
}

// properties lists those of an object, or of all objects of an array. A null
// has none.
func (r *jsonReader) properties(e hcl.Expression, what string) []property {
	if list := jsonList(e); list != nil {
		var all []property
		for _, el := range list {
			if jsonMap(el) == nil {
				r.errorAt(el.Range(), "Object needed", "Here stands an object with %s, or a list of such objects.", what)
				continue
			}
			all = append(all, r.properties(el, what)...)
		}
		return all
	}
	pairs := jsonMap(e)
	if pairs == nil && !isJSONNull(e) {
		r.errorAt(e.Range(), "Object needed", "Here stands an object with %s.", what)
	}
	all := make([]property, 0, len(pairs))
	for _, p := range pairs {
		key, _ := p.Key.Value(nil)
		all = append(all, property{key.AsString(), p.Key.Range(), p.Value})
	}
	return all
}

func (r *jsonReader) body(bt *language.BlockType, e hcl.Expression) *hclsyntax.Body {
	body := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: e.Range(), EndRange: e.Range()}
	for _, p := range r.properties(e, "what stands in the "+bt.Title()) {
		if p.name == "//" {
			continue // a comment, by the habit of JSON files
		}
		if nested := bt.Block(p.name); nested != nil {
			r.blocks(nested, p, &body.Blocks)
			continue
		}
		if bt.Name == "" {
			r.errorAt(p.rng, "Unknown block", "There is no block %q. The blocks are %s.%s", p.name, terminal.List(bt.BlockNames()), diagnostic.DidYouMean(p.name, bt.BlockNames()))
			continue
		}
		if first := body.Attributes[p.name]; first != nil {
			r.errorAt(p.rng, "Duplicate attribute", "%q has its value already, at %s.", p.name, diagnostic.Where(first.NameRange))
			continue
		}
		body.Attributes[p.name] = &hclsyntax.Attribute{
			Name:      p.name,
			Expr:      r.attribute(bt.Attr(p.name), p),
			SrcRange:  hcl.RangeBetween(p.rng, p.value.Range()),
			NameRange: p.rng,
		}
	}
	return body
}

// blocks adds the blocks of one property: with a label they are the properties
// of its value, without one its value is one or a list of them.
func (r *jsonReader) blocks(bt *language.BlockType, p property, blocks *hclsyntax.Blocks) {
	if len(bt.Labels) == 0 {
		r.bodies(bt, p.value, p.rng, nil, blocks)
		return
	}
	for _, labelled := range r.properties(p.value, "the "+bt.Labels[0].Doc+" of each "+bt.Name) {
		r.bodies(bt, labelled.value, labelled.rng, []string{labelled.name}, blocks)
	}
}

func (r *jsonReader) bodies(bt *language.BlockType, value hcl.Expression, rng hcl.Range, labels []string, blocks *hclsyntax.Blocks) {
	list := jsonList(value)
	if list == nil && !isJSONNull(value) {
		list = []hcl.Expression{value}
	}
	for _, el := range list {
		end := hcl.Range{Filename: rng.Filename, Start: el.Range().End, End: el.Range().End}
		b := &hclsyntax.Block{
			Type: bt.Name, Labels: labels, Body: r.body(bt, el),
			TypeRange: rng, OpenBraceRange: rng, CloseBraceRange: end,
		}
		if labels != nil {
			b.LabelRanges = []hcl.Range{rng}
		}
		*blocks = append(*blocks, b)
	}
}

// attribute is the expression of an attribute; a is nil where the grammar does
// not know it, which is told later.
func (r *jsonReader) attribute(a *language.AttrType, p property) hclsyntax.Expression {
	form := language.FormValue
	if a != nil {
		form = a.Form
	}
	text, isString := jsonString(p.value)
	switch {
	case form == language.FormCondition && isString:
		return r.condition(p, text)
	case form == language.FormReferences:
		return r.references(p.value)
	case form == language.FormType && isString:
		return r.expression(text, p.value.Range())
	case form == language.FormType:
		r.errorAt(p.value.Range(), "Type needed", `A type is written as a string: "list(string)".`)
		return placeholder(p.value.Range())
	}
	return r.value(p.value)
}

func (r *jsonReader) condition(p property, text string) hclsyntax.Expression {
	e, ok := r.template(text, p.value.Range())
	if wrap, is := e.(*hclsyntax.TemplateWrapExpr); is {
		return wrap.Wrapped
	}
	if ok {
		r.errorAt(p.value.Range(), "Condition in quotes", `%s is a condition, but this is a text, which is neither true nor false. Write the expression as "${…}".`, p.name)
	}
	return placeholder(p.value.Range())
}

// JSONGateForm is how an entry of depends_on is written in the JSON form.
const JSONGateForm = `Each entry of depends_on is a string with a check: "check.NAME", or "check.NAME[\"KEY\"]" for one of a check with for_each.`

// references is a list of strings that are references.
func (r *jsonReader) references(e hcl.Expression) hclsyntax.Expression {
	list := jsonList(e)
	if list == nil {
		r.errorAt(e.Range(), "List of checks needed", `depends_on is a list of checks: ["check.a", "check.b"].`)
		return &hclsyntax.TupleConsExpr{SrcRange: e.Range(), OpenRange: e.Range()}
	}
	refs := &hclsyntax.TupleConsExpr{SrcRange: e.Range(), OpenRange: e.Range()}
	for _, el := range list {
		text, ok := jsonString(el)
		if !ok || strings.Contains(text, "${") {
			r.errorAt(el.Range(), "Not a check", JSONGateForm)
			continue
		}
		refs.Exprs = append(refs.Exprs, r.expression(text, el.Range()))
	}
	return refs
}

// value is any JSON value. Strings, names of objects among them, are
// templates.
func (r *jsonReader) value(e hcl.Expression) hclsyntax.Expression {
	rng := e.Range()
	if list := jsonList(e); list != nil {
		tuple := &hclsyntax.TupleConsExpr{SrcRange: rng, OpenRange: rng, Exprs: make([]hclsyntax.Expression, len(list))}
		for i, el := range list {
			tuple.Exprs[i] = r.value(el)
		}
		return tuple
	}
	if pairs := jsonMap(e); pairs != nil {
		object := &hclsyntax.ObjectConsExpr{SrcRange: rng, OpenRange: rng, Items: make([]hclsyntax.ObjectConsItem, len(pairs))}
		for i, p := range pairs {
			object.Items[i] = hclsyntax.ObjectConsItem{
				KeyExpr:   &hclsyntax.ObjectConsKeyExpr{Wrapped: r.value(p.Key)},
				ValueExpr: r.value(p.Value),
			}
		}
		return object
	}
	if text, ok := jsonString(e); ok {
		e, _ := r.template(text, rng)
		return e
	}
	v, _ := e.Value(nil)
	return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: rng}
}

// template parses the text of a string at the string's own place, and reports
// whether it could. Where the string has escapes, columns behind them are too
// small by what they take.
func (r *jsonReader) template(text string, rng hcl.Range) (hclsyntax.Expression, bool) {
	if len(text) > scan.MaxTemplateBytes {
		r.errorAt(rng, "Text too long", "This text is longer than %d KiB.", scan.MaxTemplateBytes>>10)
		return placeholder(rng), false
	}
	if !strings.Contains(text, "${") && !strings.Contains(text, "%{") {
		literal := &hclsyntax.LiteralValueExpr{Val: cty.StringVal(text), SrcRange: rng}
		return &hclsyntax.TemplateExpr{Parts: []hclsyntax.Expression{literal}, SrcRange: rng}, true
	}
	src, at := []byte(text), inside(rng)
	return r.parsed(rng, scan.Template(src, rng.Filename, at), func() (hclsyntax.Expression, hcl.Diagnostics) {
		return hclsyntax.ParseTemplate(src, rng.Filename, at)
	})
}

// expression parses a string that is an expression.
func (r *jsonReader) expression(text string, rng hcl.Range) hclsyntax.Expression {
	src, at := []byte(text), inside(rng)
	e, _ := r.parsed(rng, scan.Expression(src, rng.Filename, at), func() (hclsyntax.Expression, hcl.Diagnostics) {
		return hclsyntax.ParseExpression(src, rng.Filename, at)
	})
	return e
}

// parsed is what parse makes of text in which scanning found nothing wrong.
func (r *jsonReader) parsed(rng hcl.Range, wrong *hcl.Diagnostic, parse func() (hclsyntax.Expression, hcl.Diagnostics)) (hclsyntax.Expression, bool) {
	if wrong != nil {
		r.diags = append(r.diags, wrong)
		return placeholder(rng), false
	}
	e, diags := parse()
	r.diags = append(r.diags, diags...)
	if diags.HasErrors() {
		return placeholder(rng), false
	}
	return e, true
}

// inside is the place behind the opening quote of a string.
func inside(rng hcl.Range) hcl.Pos {
	p := rng.Start
	p.Byte++
	p.Column++
	return p
}

// placeholder stands for an expression that is wrong, which was told.
func placeholder(rng hcl.Range) hclsyntax.Expression {
	return &hclsyntax.LiteralValueExpr{Val: cty.DynamicVal, SrcRange: rng}
}

// IsPlaceholder reports whether an expression was wrong, which was told. HCL's
// own parser puts the same value in such places.
func IsPlaceholder(e hclsyntax.Expression) bool {
	lit, ok := e.(*hclsyntax.LiteralValueExpr)
	return ok && lit.Val == cty.DynamicVal
}

// jsonList is an array's elements, nil of anything else.
func jsonList(e hcl.Expression) []hcl.Expression {
	if l, ok := e.(interface{ ExprList() []hcl.Expression }); ok {
		return l.ExprList()
	}
	return nil
}

// jsonMap is an object's properties, nil of anything else.
func jsonMap(e hcl.Expression) []hcl.KeyValuePair {
	if m, ok := e.(interface{ ExprMap() []hcl.KeyValuePair }); ok {
		return m.ExprMap()
	}
	return nil
}

func jsonString(e hcl.Expression) (string, bool) {
	if jsonList(e) != nil || jsonMap(e) != nil {
		return "", false
	}
	v, _ := e.Value(nil)
	if v.Type() != cty.String || v.IsNull() {
		return "", false
	}
	return v.AsString(), true
}

func isJSONNull(e hcl.Expression) bool {
	if jsonList(e) != nil || jsonMap(e) != nil {
		return false
	}
	v, _ := e.Value(nil)
	return v.IsNull()
}
