package rules

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/decode"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// An observed block is a check or fact of the runbook.
type observedBlock struct {
	root     language.RefRoot
	name     string
	kind     *language.Kind // nil after an error in the runbook
	expanded bool
}

// observed finds the check or fact that an address names; nil if there is none,
// which was told then.
func (d *testDecoder) observed(address string, rng hcl.Range) (*observedBlock, string) {
	a, ok := expression.ParseAddress(address)
	if o := d.block(a.Root, a.Name); o != nil && !ok {
		d.key(o, cty.NilVal, rng)
		return nil, ""
	}
	if !ok {
		hint := ""
		if c := d.rb.Check(address); c != nil {
			hint = " Did you mean \"" + c.Address() + "\"?"
		} else if f := d.rb.Fact(address); f != nil {
			hint = " Did you mean \"" + f.Address() + "\"?"
		}
		d.ErrorAt(rng, "Not an address", `%q is no address of a check or fact: "check.NAME", "fact.NAME", or "check.NAME[\"KEY\"]" for one of a check with for_each.%s`, address, hint)
		return nil, ""
	}
	o := d.block(a.Root, a.Name)
	if o == nil {
		d.ErrorAt(rng, "Unknown "+string(a.Root), "The runbook has no %s %q.%s", a.Root, a.Name,
			cmp.Or(diagnostic.DidYouMean(a.Name, d.blockNames(a.Root)), expression.InImports(a.Root, a.Name, slices.Values(d.blockNames(a.Root)))))
		return nil, ""
	}
	if a.Key == cty.NilVal {
		return o, expression.AddressOf(a.Root, a.Name)
	}
	if !d.key(o, a.Key, rng) {
		return nil, ""
	}
	return o, expression.InstanceAddress(a.Root, a.Name, a.Key.AsString())
}

// key reports whether a key may stand behind the name of a block.
func (d *testDecoder) key(o *observedBlock, key cty.Value, rng hcl.Range) bool {
	address := expression.AddressOf(o.root, o.name)
	switch {
	case key == cty.NilVal, key.Type() != cty.String:
		d.ErrorAt(rng, "Invalid key", "The key of a %s is a string: %s[\"KEY\"].", o.root, address)
		return false
	case !o.expanded:
		d.ErrorAt(rng, "No instances", "%s has no for_each: leave the key out.", address)
		return false
	}
	return true
}

func (d *testDecoder) block(root language.RefRoot, name string) *observedBlock {
	o := &observedBlock{root: root, name: name}
	var probe *ProbeBlock
	if c := d.rb.Check(name); root == language.RefCheck && c != nil {
		probe, o.expanded = c.Probe, c.ForEach != nil
	} else if f := d.rb.Fact(name); root == language.RefFact && f != nil {
		probe, o.expanded = f.Probe, f.ForEach != nil
	} else {
		return nil
	}
	if probe != nil {
		o.kind = probe.Kind
	}
	return o
}

func (d *testDecoder) blockNames(root language.RefRoot) []string {
	if root == language.RefFact {
		return slices.Sorted(maps.Keys(d.rb.facts))
	}
	return slices.Sorted(maps.Keys(d.rb.checks))
}

// given reads a result block; nil if there is nothing that it could be for.
func (d *testDecoder) given(b *hclsyntax.Block) *GivenResult {
	o, address := d.observed(b.Labels[0], b.LabelRanges[0])
	if o == nil {
		return nil
	}
	g := &GivenResult{Address: address, DeclRange: b.DefRange()}
	if attr := b.Body.Attributes[language.ErrorAttr]; attr != nil {
		g.Error = d.problem(attr, len(b.Body.Attributes))
		return g
	}
	if o.kind == nil {
		return nil // the runbook's own error
	}
	values := o.kind.UnknownResult().AsValueMap()
	for _, attr := range sortedAttributes(b.Body) {
		a := findAttribute(o.kind.Result, attr.Name)
		if a == nil {
			d.noSuchResult(o.kind.Name, "", attr.Name, attr.NameRange, o.kind.Result)
			continue
		}
		if v, ok := d.resultValue(a, attr.Name, attr.Expr); ok {
			values[attr.Name] = v
		}
	}
	g.Kind, g.Result = o.kind, cty.ObjectVal(values)
	d.possible(b.Body, g)
	return g
}

// possible refuses a result that no probe comes back with: a test of what can't
// be proves nothing.
func (d *testDecoder) possible(body *hclsyntax.Body, g *GivenResult) {
	err := g.Misfit(nil)
	if err == nil {
		return
	}
	rng, last := g.DeclRange, -1
	var misfit *language.MisfitError
	if errors.As(err, &misfit) {
		for _, path := range misfit.Paths {
			// Of several the one that was written last: it does not go with the others.
			attr := body.Attributes[path[:strings.IndexAny(path+".", ".[")]]
			if attr != nil && attr.NameRange.Start.Byte > last {
				rng, last = attr.Expr.Range(), attr.NameRange.Start.Byte
			}
		}
	}
	d.Diags = append(d.Diags, ImpossibleResult(g, err, rng))
}

// Misfit says why no probe comes back with the result, asked with args: see
// Kind.Misfit. An error in place of a result is always possible.
func (g *GivenResult) Misfit(args map[string]cty.Value) error {
	if g.Error != "" {
		return nil
	}
	return g.Kind.Misfit(g.Result, args)
}

// ImpossibleResult is the error of a result for which Misfit returned err.
func ImpossibleResult(g *GivenResult, err error, rng hcl.Range) *hcl.Diagnostic {
	return diagnostic.ErrorAt(rng, "Impossible result", "The result of %s has %v. No probe of kind %s comes back with that: give what one can observe, or leave out what the test is not about.", g.Address, err, g.Kind.Name)
}

// problem reads the error that a result block gives instead of attributes.
func (d *testDecoder) problem(attr *hclsyntax.Attribute, attrs int) string {
	v, ok := d.Constant(language.ErrorAttr, attr.Expr)
	if !ok {
		return "unreadable"
	}
	if v.Type() != cty.String || v.IsNull() || strings.TrimSpace(v.AsString()) == "" {
		d.ErrorAt(attr.Expr.Range(), "Wrong type", "error says in words why the question could not be asked.")
		return "unreadable"
	}
	if attrs > 1 {
		d.ErrorAt(attr.NameRange, "Error beside a result", "A probe that could not ask its question has observed nothing: leave the other attributes out, or error.")
	}
	return v.AsString()
}

func (d *testDecoder) noSuchResult(kind, within, name string, rng hcl.Range, attrs []language.Attribute) {
	names := make([]string, len(attrs))
	for i := range attrs {
		names[i] = attrs[i].Name
	}
	where := "The result of kind " + kind
	if within != "" {
		where = within
	}
	d.ErrorAt(rng, "Unknown result attribute", "%s has no attribute %q. It has %s.%s", where, name, terminal.List(names), diagnostic.DidYouMean(name, names))
}

func sortedAttributes(body *hclsyntax.Body) []*hclsyntax.Attribute {
	attrs := slices.Collect(maps.Values(body.Attributes))
	slices.SortFunc(attrs, func(a, b *hclsyntax.Attribute) int { return a.NameRange.Start.Byte - b.NameRange.Start.Byte })
	return attrs
}

func findAttribute(attrs []language.Attribute, name string) *language.Attribute {
	for i := range attrs {
		if attrs[i].Name == name {
			return &attrs[i]
		}
	}
	return nil
}

// resultValue reads the value of an attribute of a result. path is what it is
// called in messages.
func (d *testDecoder) resultValue(a *language.Attribute, path string, e hclsyntax.Expression) (cty.Value, bool) {
	if paren, ok := e.(*hclsyntax.ParenthesesExpr); ok {
		return d.resultValue(a, path, paren.Expression)
	}
	if list, ok := e.(*hclsyntax.TupleConsExpr); ok && a.List {
		return d.resultList(a, path, list)
	}
	if object, ok := e.(*hclsyntax.ObjectConsExpr); ok && a.Attrs != nil && !a.List {
		return d.resultObject(a, path, object)
	}
	v, ok := d.Constant(path, e)
	if !ok {
		return cty.NilVal, false
	}
	switch {
	case v.IsNull() && a.Attrs != nil && !a.List:
		return nullAttributes(a.Attrs), true // what a probe says that looked and found none
	case v.IsNull() && (a.NeverNull || a.List):
		d.ErrorAt(e.Range(), "Never null", "%s is never null in what a probe observes. Leave it out to have it unknown.", path)
		return cty.NilVal, false
	case a.Attrs != nil:
		want := "an object: { NAME = value }"
		if a.List {
			want = "a list of objects: [{ NAME = value }]"
		}
		d.ErrorAt(e.Range(), "Wrong type", "%s is %s.", path, want)
		return cty.NilVal, false
	}
	conv, err := language.Convert(v, a.Type)
	if err != nil {
		d.ErrorAt(e.Range(), "Wrong type", "%s is %s: %s.", path, decode.TypeName(a.Type), decode.ErrorPath(err))
		return cty.NilVal, false
	}
	return conv, true
}

func (d *testDecoder) resultList(a *language.Attribute, path string, list *hclsyntax.TupleConsExpr) (cty.Value, bool) {
	one := language.Attribute{Name: a.Name, Attrs: a.Attrs}
	if len(list.Exprs) == 0 {
		return cty.ListValEmpty(one.ValueType()), true
	}
	values := make([]cty.Value, len(list.Exprs))
	all := true
	for i, e := range list.Exprs {
		if _, isObject := e.(*hclsyntax.ObjectConsExpr); !isObject {
			d.ErrorAt(e.Range(), "Wrong type", "%s is a list of objects: [{ NAME = value }].", path)
			all = false
			continue
		}
		v, ok := d.resultValue(&one, path, e)
		values[i], all = v, all && ok
	}
	if !all {
		return cty.NilVal, false
	}
	return cty.ListVal(values), true
}

func (d *testDecoder) resultObject(a *language.Attribute, path string, object *hclsyntax.ObjectConsExpr) (cty.Value, bool) {
	values := language.UnknownObject(a.Attrs).AsValueMap()
	all := true
	for _, item := range object.Items {
		name, ok := d.itemName(item)
		if !ok {
			return cty.NilVal, false
		}
		attr := findAttribute(a.Attrs, name)
		if attr == nil {
			d.noSuchResult("", path, name, item.KeyExpr.Range(), a.Attrs)
			all = false
			continue
		}
		v, ok := d.resultValue(attr, path+"."+name, item.ValueExpr)
		if !ok {
			all = false
			continue
		}
		values[name] = v
	}
	return cty.ObjectVal(values), all
}

// itemName is the name of an entry of an object.
func (d *testDecoder) itemName(item hclsyntax.ObjectConsItem) (string, bool) {
	if name := hcl.ExprAsKeyword(item.KeyExpr); name != "" {
		return name, true
	}
	key, ok := d.Constant("The name of an entry", item.KeyExpr)
	if !ok {
		return "", false
	}
	if key.Type() != cty.String || key.IsNull() || !key.IsKnown() {
		d.ErrorAt(item.KeyExpr.Range(), "Invalid name", "A name is needed here.")
		return "", false
	}
	return key.AsString(), true
}

// nullAttributes is an object in which nothing was there to be seen.
func nullAttributes(attrs []language.Attribute) cty.Value {
	values := make(map[string]cty.Value, len(attrs))
	for i := range attrs {
		a := &attrs[i]
		switch {
		case a.List:
			values[a.Name] = cty.ListValEmpty(a.ValueType().ElementType())
		case a.Attrs != nil:
			values[a.Name] = nullAttributes(a.Attrs)
		default:
			values[a.Name] = cty.NullVal(a.Type)
		}
	}
	return cty.ObjectVal(values)
}
