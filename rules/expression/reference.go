package expression

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// RefsOf lists what an expression refers to, in source order and without
// duplicates. hclsyntax.Variables would do, but builds closures and maps for
// each of the ten thousands of expressions of a big runbook.
func RefsOf(e hclsyntax.Expression) []Ref {
	c := refCollector{}
	c.visit(e)
	return c.refs
}

// refsMany is the number of references from which duplicates are looked up
// instead of compared with each other.
const refsMany = 24

type refCollector struct {
	refs   []Ref
	locals []string // names of enclosing for expressions
	seen   map[string]struct{}
}

func (c *refCollector) visit(e hclsyntax.Expression) {
	switch e := e.(type) {
	case nil, *hclsyntax.LiteralValueExpr, *hclsyntax.AnonSymbolExpr, *hclsyntax.ExprSyntaxError:
	case *hclsyntax.ScopeTraversalExpr:
		c.add(e.Traversal)
	case *hclsyntax.RelativeTraversalExpr:
		c.visit(e.Source)
	case *hclsyntax.ParenthesesExpr:
		c.visit(e.Expression)
	case *hclsyntax.UnaryOpExpr:
		c.visit(e.Val)
	case *hclsyntax.BinaryOpExpr:
		c.visit(e.LHS)
		c.visit(e.RHS)
	case *hclsyntax.ConditionalExpr:
		c.visit(e.Condition)
		c.visit(e.TrueResult)
		c.visit(e.FalseResult)
	case *hclsyntax.FunctionCallExpr:
		c.all(e.Args)
	case *hclsyntax.IndexExpr:
		c.visit(e.Collection)
		c.visit(e.Key)
	case *hclsyntax.SplatExpr:
		c.visit(e.Source)
		c.visit(e.Each)
	case *hclsyntax.TupleConsExpr:
		c.all(e.Exprs)
	case *hclsyntax.ObjectConsExpr:
		for i := range e.Items {
			c.visit(e.Items[i].KeyExpr)
			c.visit(e.Items[i].ValueExpr)
		}
	case *hclsyntax.ObjectConsKeyExpr:
		if e.ForceNonLiteral || hcl.ExprAsKeyword(e.Wrapped) == "" {
			c.visit(e.Wrapped)
		}
	case *hclsyntax.TemplateExpr:
		c.all(e.Parts)
	case *hclsyntax.TemplateWrapExpr:
		c.visit(e.Wrapped)
	case *hclsyntax.TemplateJoinExpr:
		c.visit(e.Tuple)
	case *TextPart:
		c.visit(e.Expression)
	case *hclsyntax.ForExpr:
		c.visit(e.CollExpr)
		outer := len(c.locals)
		if e.KeyVar != "" {
			c.locals = append(c.locals, e.KeyVar)
		}
		c.locals = append(c.locals, e.ValVar)
		if e.KeyExpr != nil {
			c.visit(e.KeyExpr)
		}
		c.visit(e.ValExpr)
		if e.CondExpr != nil {
			c.visit(e.CondExpr)
		}
		c.locals = c.locals[:outer]
	default:
		for _, t := range e.Variables() {
			c.add(t)
		}
	}
}

func (c *refCollector) all(es []hclsyntax.Expression) {
	for _, e := range es {
		c.visit(e)
	}
}

func (c *refCollector) add(t hcl.Traversal) {
	root, ok := t[0].(hcl.TraverseRoot)
	if !ok {
		return
	}
	for _, name := range c.locals {
		if name == root.Name {
			return
		}
	}
	if c.known(t) {
		return
	}
	c.refs = append(c.refs, NewRef(t))
}

// known reports whether t was added before, and remembers it.
func (c *refCollector) known(t hcl.Traversal) bool {
	if len(c.refs) < refsMany {
		for i := range c.refs {
			if SameTraversal(c.refs[i].Traversal, t) {
				return true
			}
		}
		return false
	}
	if c.seen == nil {
		c.seen = make(map[string]struct{}, 2*refsMany)
		for i := range c.refs {
			c.seen[terminal.Reference(c.refs[i].Traversal)] = struct{}{}
		}
	}
	key := terminal.Reference(t)
	if _, ok := c.seen[key]; ok {
		return true
	}
	c.seen[key] = struct{}{}
	return false
}

// NewRef is what a traversal refers to.
func NewRef(t hcl.Traversal) Ref {
	module, root := SplitRoot(t.RootName())
	r := Ref{Root: root, Traversal: t}
	if len(t) > 1 {
		r.Name = Within(module, StepName(t[1]))
	}
	if r.Root == language.RefCheck {
		// check.x.passed, or check.x["key"].passed of an expanded one
		for _, step := range t[min(2, len(t)):min(4, len(t))] {
			if a, ok := step.(hcl.TraverseAttr); ok {
				switch a.Name {
				case "result", "status", "passed":
					r.Attr = a.Name
				}
				break
			}
		}
	}
	return r
}

// Concluded is the check that a reference of a conclusion is to, and the
// vantage that saw it: vantage.NAME.check.NAME.
func (r *Ref) Concluded() (vantage, check string, ok bool) {
	root, check, ok := r.FromVantage()
	return r.Name, check, ok && root == language.RefCheck
}

// FromVantage is what a reference of a conclusion is to: a check, fact or
// variable of the vantage r.Name, as in vantage.NAME.fact.NAME.
func (r *Ref) FromVantage() (root language.RefRoot, name string, ok bool) {
	if r.Root != language.RefVantage || len(r.Traversal) < 4 {
		return "", "", false
	}
	module, root := SplitRoot(StepName(r.Traversal[2]))
	step, ok := r.Traversal[3].(hcl.TraverseAttr)
	return root, Within(module, step.Name), ok && slices.Contains(VantageRoots, root)
}

// VantageRoots are the roots that lie below a vantage; Complete lies beside them.
var VantageRoots = []language.RefRoot{language.RefCheck, language.RefFact, language.RefVar}

// Complete is what of a vantage is always known: whether the site has it, it was
// reached, nothing of its look was cut off, and the facts that conclusions read
// of it were gathered.
const Complete = "complete"

// StepName is the name that a step selects; "" where it is not a name.
func StepName(step hcl.Traverser) string {
	switch s := step.(type) {
	case hcl.TraverseAttr:
		return s.Name
	case hcl.TraverseIndex:
		if s.Key.Type() == cty.String && s.Key.IsKnown() && !s.Key.IsNull() {
			return s.Key.AsString()
		}
	}
	return ""
}

// SameTraversal reports whether two traversals are written alike.
func SameTraversal(a, b hcl.Traversal) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		switch x := a[i].(type) {
		case hcl.TraverseRoot:
			y, ok := b[i].(hcl.TraverseRoot)
			if !ok || x.Name != y.Name {
				return false
			}
		case hcl.TraverseAttr:
			y, ok := b[i].(hcl.TraverseAttr)
			if !ok || x.Name != y.Name {
				return false
			}
		case hcl.TraverseIndex:
			y, ok := b[i].(hcl.TraverseIndex)
			if !ok || !x.Key.RawEquals(y.Key) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// A Ref is one reference of an expression.
type Ref struct {
	Root language.RefRoot
	// Name is that of the variable, local, check, fact or vantage; of result,
	// site and each their attribute. Empty for target and for a bare root.
	Name string
	// Attr is what is read of a check: "result", "status" or "passed"; empty
	// elsewhere, and where the check as a whole is read
	// (check.x for an expanded block, [for c in check.x : …]).
	Attr string
	// Traversal is the reference as written, with its range. Its root is the
	// name by which expressions find it: net.check where Root is check.
	Traversal hcl.Traversal
}

// Observed reports whether the reference is to something that a probe
// observed.
func (r *Ref) Observed() bool { return r.Root.Observed() }
