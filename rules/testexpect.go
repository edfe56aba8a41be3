package rules

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/decode"
	"github.com/linecheck/linecheck/rules/internal/syntax"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// expect reads an expect block.
func (d *testDecoder) expect(r decode.Reader) *Expectation {
	x := &Expectation{Verdict: r.Str("verdict"), RootCauses: d.rootCauses(r), DeclRange: r.Block.DefRange()}
	if len(r.Block.Body.Attributes) == 0 && len(r.Block.Body.Blocks) == 0 {
		d.ErrorAt(x.DeclRange, "Nothing expected", "This block expects nothing: whatever came out, the test would pass. Say at least what the verdict must be.")
	}
	x.Checks = append(x.Checks, d.statuses(r)...)
	x.Layers = d.layers(r)
	var root *ExpectedCheck
	if len(x.RootCauses) == 1 {
		root = &ExpectedCheck{Address: x.RootCauses[0], DeclRange: x.DeclRange}
		d.finding(r, root)
		x.Checks = append(x.Checks, root)
	} else {
		for _, attr := range sortedAttributes(r.Block.Body) {
			if slices.Contains([]string{"cause", "explain", "remedy", "not_ruled_out", "evidence"}, attr.Name) {
				d.ErrorAt(attr.NameRange, "Of which root cause?", "%s says something of the one root cause. Name it, root_cause = check.NAME, or write it into a block of its own: check \"NAME\" { %s = … }.", attr.Name, attr.Name)
			}
		}
	}
	bt := language.ExpectBlock.Block("check")
	for _, b := range r.Block.Body.Blocks {
		if b.Type != bt.Name || len(b.Labels) != 1 {
			continue // said already
		}
		address, ok := d.checkAddress(b.Labels[0], b.LabelRanges[0])
		if !ok {
			continue
		}
		n := d.Reader(bt, b)
		c := &ExpectedCheck{Address: address, Status: n.Str("status"), Skip: n.Str("skip"), Reason: n.Str("reason"), DeclRange: b.DefRange()}
		d.finding(n, c)
		x.Checks = append(x.Checks, c)
	}
	return x
}

// finding reads what is said of a check that did not pass.
func (d *testDecoder) finding(r decode.Reader, c *ExpectedCheck) {
	c.Explain, c.Remedy, c.NotRuledOut = r.Str("explain"), r.Str("remedy"), r.Strs("not_ruled_out")
	if r.Block.Body.Attributes["not_ruled_out"] != nil && c.NotRuledOut == nil {
		c.NotRuledOut = []string{}
	}
	if attr := r.Block.Body.Attributes["cause"]; attr != nil {
		c.Cause = cty.NullVal(cty.String)
		if name := r.Literal("cause"); name != cty.NilVal {
			c.Cause = name
			d.cause(c, name.AsString(), attr.Expr.Range())
		}
	}
	for _, name := range c.NotRuledOut {
		d.cause(c, name, r.RangeOf("not_ruled_out"))
	}
	if attr := r.Block.Body.Attributes["evidence"]; attr != nil {
		c.Evidence = map[string]cty.Value{}
		d.entries(attr, `evidence = { "fact.NAME.ATTRIBUTE" = value }`, func(name string, item hclsyntax.ObjectConsItem) {
			if v, ok := d.Constant(name, item.ValueExpr); ok {
				c.Evidence[name] = v
			}
		})
	}
}

// cause holds the name of a cause against the check.
func (d *testDecoder) cause(c *ExpectedCheck, name string, rng hcl.Range) {
	address, _ := expression.ParseAddress(c.Address)
	block := d.rb.Check(address.Name)
	if block == nil {
		return // said already
	}
	names := make([]string, len(block.Causes))
	for i, cause := range block.Causes {
		if names[i] = cause.Name; cause.Name == name {
			return
		}
	}
	d.ErrorAt(rng, "Unknown cause", "%s has no cause %q.%s", block.Address(), name, diagnostic.DidYouMean(name, names))
}

// statuses reads the statuses that several checks must have.
func (d *testDecoder) statuses(r decode.Reader) []*ExpectedCheck {
	attr := r.Block.Body.Attributes["status"]
	if attr == nil {
		return nil
	}
	var checks []*ExpectedCheck
	d.entries(attr, `status = { NAME = "blocked" }`, func(name string, item hclsyntax.ObjectConsItem) {
		address, ok := d.checkAddress(name, item.KeyExpr.Range())
		if !ok {
			return
		}
		if status, ok := d.statusOf("check", item.ValueExpr, language.CheckStatus); ok {
			checks = append(checks, &ExpectedCheck{Address: address, Status: status, DeclRange: item.KeyExpr.Range()})
		}
	})
	return checks
}

// statusOf reads the status of a check or layer.
func (d *testDecoder) statusOf(what string, e hclsyntax.Expression, can language.Domain) (string, bool) {
	v, ok := d.Constant("The status of a "+what, e)
	if !ok {
		return "", false
	}
	if v.IsNull() || v.Type() != cty.String {
		d.ErrorAt(e.Range(), "Wrong type", `The status of a %s is a string such as "blocked".`, what)
		return "", false
	}
	a := language.Attribute{Name: "status", Type: cty.String, Domain: can}
	if err := a.Validate(v); err != nil {
		d.Diags = append(d.Diags, diagnostic.Invalid(a.Name, err, e.Range()))
		return "", false
	}
	return v.AsString(), true
}

// layers reads the statuses that layers must have.
func (d *testDecoder) layers(r decode.Reader) []ExpectedLayer {
	attr := r.Block.Body.Attributes["layers"]
	if attr == nil {
		return nil
	}
	var names []string
	for _, c := range d.rb.Checks {
		if c.Layer != "" && !slices.Contains(names, c.Layer) {
			names = append(names, c.Layer)
		}
	}
	var layers []ExpectedLayer
	d.entries(attr, `layers = { NAME = "partial" }`, func(name string, item hclsyntax.ObjectConsItem) {
		if !slices.Contains(names, name) {
			d.ErrorAt(item.KeyExpr.Range(), "Unknown layer", "No check of the runbook has the layer %q.%s", name, diagnostic.DidYouMean(name, names))
			return
		}
		if status, ok := d.statusOf("layer", item.ValueExpr, language.LayerStatus); ok {
			layers = append(layers, ExpectedLayer{name, status})
		}
	})
	return layers
}

// entries goes through the entries of an object, each name once.
func (d *testDecoder) entries(attr *hclsyntax.Attribute, form string, do func(name string, item hclsyntax.ObjectConsItem)) {
	object, ok := attr.Expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		d.ErrorAt(attr.Expr.Range(), "Wrong type", "%s is an object: %s.", attr.Name, form)
		return
	}
	seen := map[string]bool{}
	for _, item := range object.Items {
		name, ok := d.itemName(item)
		if !ok {
			continue
		}
		if seen[name] {
			d.ErrorAt(item.KeyExpr.Range(), "Duplicate entry", "%q stands here already.", name)
			continue
		}
		seen[name] = true
		do(name, item)
	}
}

// checkAddress is the address of the check that a name or address means.
func (d *testDecoder) checkAddress(name string, rng hcl.Range) (string, bool) {
	block, key, _ := strings.Cut(ShortAddress(name), "[")
	if key != "" {
		key = "[" + key
	}
	o, address := d.observed(expression.AddressOf(language.RefCheck, block)+key, rng)
	return address, o != nil
}

// rootCauses reads root_cause; nil where it is left out.
func (d *testDecoder) rootCauses(r decode.Reader) []string {
	attr := r.Block.Body.Attributes["root_cause"]
	if attr == nil {
		return nil
	}
	exprs := []hclsyntax.Expression{attr.Expr}
	if list, ok := attr.Expr.(*hclsyntax.TupleConsExpr); ok {
		exprs = list.Exprs
	}
	causes := []string{}
	for _, e := range exprs {
		scope, ok := e.(*hclsyntax.ScopeTraversalExpr)
		root := expression.Address{}
		if ok {
			root, _ = expression.AddressOfTraversal(scope.Traversal)
		}
		if root.Root != language.RefCheck {
			if syntax.IsPlaceholder(e) {
				continue
			}
			d.ErrorAt(e.Range(), "Not a check", `A root cause is a check, written without quotes: check.NAME, or check.NAME["KEY"] for one of a check with for_each.`)
			continue
		}
		if o, address := d.observed(terminal.Reference(scope.Traversal), e.Range()); o != nil {
			causes = append(causes, address)
		}
	}
	return causes
}
