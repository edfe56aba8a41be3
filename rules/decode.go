package rules

import (
	"cmp"
	"fmt"
	"slices"
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/decode"
	"github.com/linecheck/linecheck/rules/internal/parallel"
	"github.com/linecheck/linecheck/rules/internal/syntax"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// decodeRunbook fills rb from its blocks, side by side, in their order.
func decodeRunbook(rb *Runbook, blocks []syntax.Layered) hcl.Diagnostics {
	kinds := make(map[string]*language.Kind, len(rb.Kinds))
	for _, k := range rb.Kinds {
		kinds[k.Name] = k
	}
	imports := importNames(blocks)
	decoded := make([]any, len(blocks))
	diags := parallel.Run(len(blocks), parallel.Each(func(i int) hcl.Diagnostics {
		d := decoder{kinds: kinds, all: rb.Kinds, imports: imports}
		decoded[i] = d.block(blocks[i])
		return d.Diags
	}))
	rb.index = index{
		variables: map[string]*Variable{}, locals: map[string]*Local{},
		checks: map[string]*Check{}, facts: map[string]*Fact{},
	}
	for _, v := range decoded {
		rb.add(v)
	}
	return diags
}

func (rb *Runbook) add(block any) {
	switch b := block.(type) {
	case *Runbook:
		rb.Name, rb.Title, rb.Version, rb.Description = b.Name, b.Title, b.Version, b.Description
		rb.License, rb.Authors, rb.Source = b.License, b.Authors, b.Source
		rb.Requires = append(rb.Requires, b.Requires...)
	case *Import:
		rb.Imports = append(rb.Imports, b)
	case *Variable:
		rb.Variables = append(rb.Variables, b)
		rb.variables[b.Name] = b
	case []*Local:
		rb.Locals = append(rb.Locals, b...)
		for _, l := range b {
			rb.locals[l.Name] = l
		}
	case *Fact:
		rb.Facts = append(rb.Facts, b)
		rb.facts[b.Name] = b
	case *Check:
		rb.Checks = append(rb.Checks, b)
		rb.checks[b.Name] = b
	case *Conclusion:
		rb.Conclusions = append(rb.Conclusions, b)
	default:
		panic(fmt.Sprintf("decoded block %T", b))
	}
}

// A decoder turns one block into its noun.
type decoder struct {
	kinds   map[string]*language.Kind
	all     []*language.Kind
	imports []string // their names
	decode.Decoder
}

func (d *decoder) block(l syntax.Layered) any {
	d.Diags = append(d.Diags, syntax.CheckComplete(l.Typ, l.Block)...)
	r := d.Reader(l.Typ, l.Block)
	switch l.Typ {
	case language.RunbookBlock:
		rb := &Runbook{
			Name: r.Name(), Title: r.Str("title"), Version: r.Str("version"), Description: r.Str("description"),
			License: r.Str("license"), Authors: r.Strs("authors"), Source: r.Str("source"),
		}
		if e := r.Expr("requires"); e != nil {
			rb.Requires = []Requirement{{Constraint: r.Str("requires"), Range: e.Range()}}
		}
		return rb
	case language.ImportBlock:
		return d.importOf(r, l)
	case language.VariableBlock:
		return d.variable(r, l.Overlay)
	case language.LocalsBlock:
		return d.locals(l)
	case language.FactBlock:
		return &Fact{
			Name: r.Name(), Target: r.Expr("target"), ForEach: r.Expr("for_each"), Timeout: r.Expr("timeout"), Probe: d.probe(l.Block),
			Overlay: l.Overlay, DeclRange: l.DefRange(), Overrides: l.Changed,
		}
	case language.CheckBlock:
		return d.check(r, l)
	case language.ConclusionBlock:
		return &Conclusion{
			Name: r.Name(), When: r.Expr("when"), Explain: r.Expr("explain"), Remedy: r.Expr("remedy"),
			Overlay: l.Overlay, DeclRange: l.DefRange(),
		}
	}
	panic("no decoder for block " + l.Typ.Name)
}

func (d *decoder) check(r decode.Reader, l syntax.Layered) *Check {
	c := &Check{
		Name:        r.Name(),
		Title:       r.Expr("title"),
		Description: r.Expr("description"),
		Layer:       r.Str("layer"),
		Tags:        r.Strs("tags"),
		Target:      r.Expr("target"),
		When:        r.Expr("when"),
		ForEach:     r.Expr("for_each"),
		DependsOn:   d.gates(r.Block.Body.Attributes["depends_on"]),
		Timeout:     r.Expr("timeout"),
		Probe:       d.probe(r.Block),
		Pass:        r.Expr("pass"),
		Warn:        r.Expr("warn"),
		Explain:     r.Expr("explain"),
		Remedy:      r.Expr("remedy"),
		Overlay:     l.Overlay,
		DeclRange:   r.Block.DefRange(),
		Overrides:   l.Changed,
	}
	for _, b := range r.Block.Body.Blocks {
		bt := language.CheckBlock.Block(b.Type)
		if bt == nil {
			continue // said already
		}
		n := d.Reader(bt, b)
		switch b.Type {
		case "retry":
			c.Retry = &Retry{Attempts: n.Expr("attempts"), Interval: n.Expr("interval"), DeclRange: b.DefRange()}
		case "cause":
			c.Causes = append(c.Causes, d.cause(n))
		}
	}
	return c
}

func (d *decoder) cause(r decode.Reader) *Cause {
	return &Cause{
		Name: r.Name(), When: r.Expr("when"), Explain: r.Expr("explain"), Remedy: r.Expr("remedy"),
		Severity: r.Expr("severity"), DeclRange: r.Block.DefRange(),
	}
}

func (d *decoder) probe(parent *hclsyntax.Block) *ProbeBlock {
	for _, b := range parent.Body.Blocks {
		if b.Type != "probe" || len(b.Labels) != 1 {
			continue
		}
		kind := d.kinds[b.Labels[0]]
		if kind == nil {
			names := make([]string, len(d.all))
			for i, k := range d.all {
				names[i] = k.Name
			}
			d.ErrorAt(b.LabelRanges[0], "Unknown probe kind", "There is no probe kind %q. The kinds are %s.%s", b.Labels[0], terminal.List(names), diagnostic.DidYouMean(b.Labels[0], names))
			return nil
		}
		return &ProbeBlock{Kind: kind, Args: d.probeArgs(kind, b), DeclRange: b.DefRange()}
	}
	return nil
}

func (d *decoder) probeArgs(kind *language.Kind, b *hclsyntax.Block) []ProbeArg {
	var args []ProbeArg
	found := 0
	for i := range kind.Args {
		a := &kind.Args[i]
		attr := b.Body.Attributes[a.Name]
		if attr == nil {
			if a.Required {
				d.ErrorAt(b.DefRange(), "Missing "+a.Name, "A probe of kind %s must be given %q%s", kind.Name, a.Name, diagnostic.Gloss(a.Doc))
			}
			continue
		}
		found++
		args = append(args, ProbeArg{Attr: a, Expr: expression.New(attr.Expr)})
	}
	if found == len(b.Body.Attributes) {
		return args
	}
	names := make([]string, len(kind.Args))
	for i := range kind.Args {
		names[i] = kind.Args[i].Name
	}
	for name, attr := range b.Body.Attributes {
		if kind.Arg(name) != nil {
			continue
		}
		takes := "It takes " + terminal.List(names) + "."
		if len(names) == 0 {
			takes = "It takes none."
		}
		if name == "target" {
			takes = "The target stands beside the probe block, not in it."
		}
		d.ErrorAt(attr.NameRange, "Unknown probe argument", "A probe of kind %s has no argument %q. %s%s", kind.Name, name, takes, diagnostic.DidYouMean(name, names))
	}
	return args
}

// gates reads depends_on. Whether the checks are there is proved later.
func (d *decoder) gates(attr *hclsyntax.Attribute) []Gate {
	if attr == nil {
		return nil
	}
	list, ok := attr.Expr.(*hclsyntax.TupleConsExpr)
	if !ok {
		d.ErrorAt(attr.Expr.Range(), "List of checks needed", "depends_on is a list of checks: [check.a, check.b].")
		return nil
	}
	gates := make([]Gate, 0, len(list.Exprs))
	for _, e := range list.Exprs {
		if syntax.IsPlaceholder(e) {
			continue
		}
		if g, ok := d.gate(e); ok {
			gates = append(gates, g)
		}
	}
	return gates
}

func (d *decoder) gate(e hclsyntax.Expression) (Gate, bool) {
	form := `Each entry of depends_on is a check, written without quotes: check.NAME, or check.NAME["KEY"] for one of a check with for_each.`
	if language.IsJSON(e.Range().Filename) {
		form = syntax.JSONGateForm
	}
	scope, ok := e.(*hclsyntax.ScopeTraversalExpr)
	if !ok {
		d.ErrorAt(e.Range(), "Not a check", "%s", form)
		return Gate{}, false
	}
	t := scope.Traversal
	ref := expression.NewRef(t)
	if ref.Root != language.RefCheck || ref.Name == "" {
		d.ErrorAt(e.Range(), "Not a check", "%q is no check. %s", terminal.Reference(t), cmp.Or(d.noGate(t), form))
		return Gate{}, false
	}
	g := Gate{Check: ref.Name, Range: e.Range()}
	if len(t) > 2 {
		key, isKey := t[2].(hcl.TraverseIndex)
		if !isKey || len(t) > 3 {
			d.ErrorAt(e.Range(), "Not a check", "depends_on takes the check as a whole, not a part of it: %s.", terminal.Reference(t[:2]))
			return Gate{}, false
		}
		k, err := convert.Convert(key.Key, cty.String)
		if err != nil || k.IsNull() || !k.IsKnown() {
			d.ErrorAt(key.SrcRange, "Invalid key", "The key of a check is a string: %s[\"KEY\"].", expression.AddressOf(language.RefCheck, g.Check))
			return Gate{}, false
		}
		g.Key = k
	}
	return g, true
}

// noGate says what is wrong with an entry of depends_on that looks for its check
// in an import; "" if it does not.
func (d *decoder) noGate(t hcl.Traversal) string {
	root := t.RootName()
	switch {
	case slices.Contains(d.imports, root):
		return fmt.Sprintf("%s is an import, whose own checks are %[1]s.check.NAME; what it imports itself is not seen from here.", root)
	case len(t) > 2 && expression.StepName(t[1]) == string(language.RefCheck):
		return fmt.Sprintf("There is no import %q.%s", root, diagnostic.DidYouMean(root, d.imports))
	}
	return ""
}

func (d *decoder) locals(l syntax.Layered) []*Local {
	locals := make([]*Local, 0, len(l.Body.Attributes))
	for name, attr := range l.Body.Attributes {
		locals = append(locals, &Local{Name: name, Expr: expression.New(attr.Expr), Type: cty.DynamicPseudoType, Overlay: l.Overlay, DeclRange: attr.NameRange})
	}
	sort.Slice(locals, func(i, j int) bool {
		a, b := locals[i].DeclRange, locals[j].DeclRange
		if a.Filename != b.Filename { // one of them was overridden
			return locals[i].Name < locals[j].Name
		}
		return a.Start.Byte < b.Start.Byte
	})
	return locals
}
