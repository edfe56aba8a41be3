package rules

import (
	"cmp"
	"fmt"
	"slices"
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// decodeRunbook fills rb from its blocks, side by side, in their order.
func decodeRunbook(rb *Runbook, blocks []layered) hcl.Diagnostics {
	kinds := make(map[string]*Kind, len(rb.Kinds))
	for _, k := range rb.Kinds {
		kinds[k.Name] = k
	}
	imports := importNames(blocks)
	decoded := make([]any, len(blocks))
	diags := sideBySide(len(blocks), each(func(i int) hcl.Diagnostics {
		d := decoder{kinds: kinds, all: rb.Kinds, imports: imports}
		decoded[i] = d.block(blocks[i])
		return d.diags
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
	kinds   map[string]*Kind
	all     []*Kind
	imports []string // their names
	blockDecoder
}

func (d *decoder) block(l layered) any {
	d.diags = append(d.diags, checkComplete(l.typ, l.Block)...)
	r := d.reader(l.typ, l.Block)
	switch l.typ {
	case RunbookBlock:
		rb := &Runbook{
			Name: r.name(), Title: r.str("title"), Version: r.str("version"), Description: r.str("description"),
			License: r.str("license"), Authors: r.strs("authors"), Source: r.str("source"),
		}
		if e := r.expr("requires"); e != nil {
			rb.Requires = []Requirement{{Constraint: r.str("requires"), Range: e.Range()}}
		}
		return rb
	case ImportBlock:
		return d.importOf(r, l)
	case VariableBlock:
		return d.variable(r, l.overlay)
	case LocalsBlock:
		return d.locals(l)
	case FactBlock:
		return &Fact{
			Name: r.name(), Target: r.expr("target"), ForEach: r.expr("for_each"), Timeout: r.expr("timeout"), Probe: d.probe(l.Block),
			Overlay: l.overlay, DeclRange: l.DefRange(), Overrides: l.changed,
		}
	case CheckBlock:
		return d.check(r, l)
	case ConclusionBlock:
		return &Conclusion{
			Name: r.name(), When: r.expr("when"), Explain: r.expr("explain"), Remedy: r.expr("remedy"),
			Overlay: l.overlay, DeclRange: l.DefRange(),
		}
	}
	panic("no decoder for block " + l.typ.Name)
}

func (d *decoder) check(r reader, l layered) *Check {
	c := &Check{
		Name:        r.name(),
		Title:       r.expr("title"),
		Description: r.expr("description"),
		Layer:       r.str("layer"),
		Tags:        r.strs("tags"),
		Target:      r.expr("target"),
		When:        r.expr("when"),
		ForEach:     r.expr("for_each"),
		DependsOn:   d.gates(r.block.Body.Attributes["depends_on"]),
		Timeout:     r.expr("timeout"),
		Probe:       d.probe(r.block),
		Pass:        r.expr("pass"),
		Warn:        r.expr("warn"),
		Explain:     r.expr("explain"),
		Remedy:      r.expr("remedy"),
		Overlay:     l.overlay,
		DeclRange:   r.block.DefRange(),
		Overrides:   l.changed,
	}
	for _, b := range r.block.Body.Blocks {
		bt := CheckBlock.Block(b.Type)
		if bt == nil {
			continue // said already
		}
		n := d.reader(bt, b)
		switch b.Type {
		case "retry":
			c.Retry = &Retry{Attempts: n.expr("attempts"), Interval: n.expr("interval"), DeclRange: b.DefRange()}
		case "cause":
			c.Causes = append(c.Causes, d.cause(n))
		}
	}
	return c
}

func (d *decoder) cause(r reader) *Cause {
	return &Cause{
		Name: r.name(), When: r.expr("when"), Explain: r.expr("explain"), Remedy: r.expr("remedy"),
		Severity: r.expr("severity"), DeclRange: r.block.DefRange(),
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
			d.errorAt(b.LabelRanges[0], "Unknown probe kind", "There is no probe kind %q. The kinds are %s.%s", b.Labels[0], terminal.List(names), DidYouMean(b.Labels[0], names))
			return nil
		}
		return &ProbeBlock{Kind: kind, Args: d.probeArgs(kind, b), DeclRange: b.DefRange()}
	}
	return nil
}

func (d *decoder) probeArgs(kind *Kind, b *hclsyntax.Block) []ProbeArg {
	var args []ProbeArg
	found := 0
	for i := range kind.Args {
		a := &kind.Args[i]
		attr := b.Body.Attributes[a.Name]
		if attr == nil {
			if a.Required {
				d.errorAt(b.DefRange(), "Missing "+a.Name, "A probe of kind %s must be given %q%s", kind.Name, a.Name, gloss(a.Doc))
			}
			continue
		}
		found++
		args = append(args, ProbeArg{Attr: a, Expr: newExpr(attr.Expr)})
	}
	if found == len(b.Body.Attributes) {
		return args
	}
	names := make([]string, len(kind.Args))
	for i := range kind.Args {
		names[i] = kind.Args[i].Name
	}
	for name, attr := range b.Body.Attributes {
		if kind.arg(name) != nil {
			continue
		}
		takes := "It takes " + terminal.List(names) + "."
		if len(names) == 0 {
			takes = "It takes none."
		}
		if name == "target" {
			takes = "The target stands beside the probe block, not in it."
		}
		d.errorAt(attr.NameRange, "Unknown probe argument", "A probe of kind %s has no argument %q. %s%s", kind.Name, name, takes, DidYouMean(name, names))
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
		d.errorAt(attr.Expr.Range(), "List of checks needed", "depends_on is a list of checks: [check.a, check.b].")
		return nil
	}
	gates := make([]Gate, 0, len(list.Exprs))
	for _, e := range list.Exprs {
		if isPlaceholder(e) {
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
	if isJSON(e.Range().Filename) {
		form = jsonGateForm
	}
	scope, ok := e.(*hclsyntax.ScopeTraversalExpr)
	if !ok {
		d.errorAt(e.Range(), "Not a check", "%s", form)
		return Gate{}, false
	}
	t := scope.Traversal
	ref := NewRef(t)
	if ref.Root != RefCheck || ref.Name == "" {
		d.errorAt(e.Range(), "Not a check", "%q is no check. %s", TraversalString(t), cmp.Or(d.noGate(t), form))
		return Gate{}, false
	}
	g := Gate{Check: ref.Name, Range: e.Range()}
	if len(t) > 2 {
		key, isKey := t[2].(hcl.TraverseIndex)
		if !isKey || len(t) > 3 {
			d.errorAt(e.Range(), "Not a check", "depends_on takes the check as a whole, not a part of it: %s.", TraversalString(t[:2]))
			return Gate{}, false
		}
		k, err := convert.Convert(key.Key, cty.String)
		if err != nil || k.IsNull() || !k.IsKnown() {
			d.errorAt(key.SrcRange, "Invalid key", "The key of a check is a string: %s[\"KEY\"].", AddressOf(RefCheck, g.Check))
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
	case len(t) > 2 && stepName(t[1]) == string(RefCheck):
		return fmt.Sprintf("There is no import %q.%s", root, DidYouMean(root, d.imports))
	}
	return ""
}

func (d *decoder) locals(l layered) []*Local {
	locals := make([]*Local, 0, len(l.Body.Attributes))
	for name, attr := range l.Body.Attributes {
		locals = append(locals, &Local{Name: name, Expr: newExpr(attr.Expr), Type: cty.DynamicPseudoType, Overlay: l.overlay, DeclRange: attr.NameRange})
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
