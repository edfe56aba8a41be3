package engine

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// A read is what one reference of an expression needs: one instance of a block
// or all of them.
type read struct {
	*block
	ref   *expression.Ref
	first int // index of the first instance
	count int
	whole bool // the reference is to the block as a whole
}

// A keyedRead is a reference with a key that only an instance knows:
// check.x[each.key].passed.
type keyedRead struct {
	ref  expression.Ref   // check.x
	key  *expression.Expr // each.key
	rest hcl.Traversal    // .passed
}

// reads calls do for each check or fact that e refers to.
func (p *Plan) reads(e *expression.Expr, consts *hcl.EvalContext, do func(read)) {
	if e == nil {
		return
	}
	for i := range e.Refs {
		p.read(e, &e.Refs[i], consts, do)
	}
}

// read is reads for one reference of e.
func (p *Plan) read(e *expression.Expr, ref *expression.Ref, consts *hcl.EvalContext, do func(read)) {
	b := p.block(ref)
	switch {
	case b == nil:
	case !b.expanded():
		do(read{block: b, ref: ref, first: b.first, count: 1})
	default:
		keys, all := p.keysRead(e, ref, consts)
		for _, key := range keys {
			if i, ok := b.keys[key]; ok {
				do(read{block: b, ref: ref, first: i, count: 1})
			}
		}
		if all {
			do(read{block: b, ref: ref, first: b.first, count: b.count, whole: true})
		}
	}
}

// block is the check or fact that a reference is to; nil where it is to
// something else.
func (p *Plan) block(ref *expression.Ref) *block {
	switch ref.Root {
	case language.RefCheck:
		return p.checkBlocks[ref.Name]
	case language.RefFact:
		return p.factBlocks[ref.Name]
	}
	return nil
}

// keysRead tells which instances of an expanded block a reference is to, as
// far as their keys are known before the run; all, if any is not.
func (p *Plan) keysRead(e *expression.Expr, ref *expression.Ref, consts *hcl.EvalContext) (keys []string, all bool) {
	if len(ref.Traversal) > 2 {
		if key, ok := stepKey(ref.Traversal[2]); ok {
			return []string{key}, false
		}
		return nil, true // a splat
	}
	for _, k := range p.keyedReads(e) {
		if k.ref.Root != ref.Root || k.ref.Name != ref.Name {
			continue
		}
		key, ok := knownKey(k.key, consts)
		if !ok {
			return nil, true
		}
		keys = append(keys, key)
	}
	return keys, len(keys) == 0
}

// stepKey is the key that a step selects, where it is a string.
func stepKey(step hcl.Traverser) (string, bool) {
	switch s := step.(type) {
	case hcl.TraverseAttr:
		return s.Name, true
	case hcl.TraverseIndex:
		if s.Key.Type() == cty.String && s.Key.IsKnown() && !s.Key.IsNull() {
			return s.Key.AsString(), true
		}
	}
	return "", false
}

// keySteps bound a key, which is worked out whenever something refers to it. One
// that takes more is as if it were not known before the run.
const keySteps = 1 << 14

// knownKey evaluates a key that depends on nothing observed.
func knownKey(e *expression.Expr, consts *hcl.EvalContext) (string, bool) {
	for i := range e.Refs {
		if e.Refs[i].Observed() || e.Refs[i].Root == language.RefTarget {
			return "", false
		}
	}
	v, diags := e.ValueWithin(consts, expression.NewBudget(keySteps))
	if diags.HasErrors() || v.IsMarked() || v.Type() != cty.String || v.IsNull() || !v.IsKnown() {
		return "", false
	}
	return v.AsString(), true
}

// keyedReads lists the references of e that have a computed key. Where a block
// is also read as a whole in e there is none of it.
func (p *Plan) keyedReads(e *expression.Expr) []keyedRead {
	if found, ok := p.keyed.Load(e); ok {
		return found.([]keyedRead)
	}
	w := &keyWalk{found: map[hclsyntax.Node]keyedRead{}}
	_ = hclsyntax.Walk(e.Expression, w)
	list := slices.SortedFunc(maps.Values(w.found), func(a, b keyedRead) int {
		return a.ref.Traversal.SourceRange().Start.Byte - b.ref.Traversal.SourceRange().Start.Byte
	})
	list = slices.DeleteFunc(list, func(k keyedRead) bool {
		return slices.Contains(w.whole, terminal.Reference(k.ref.Traversal))
	})
	p.keyed.Store(e, list)
	return list
}

// A keyWalk finds each check.x[…] and fact.x[…] in an expression, and each
// check.x and fact.x that has no key.
type keyWalk struct {
	stack []hclsyntax.Node
	found map[hclsyntax.Node]keyedRead
	whole []string
}

func (w *keyWalk) Enter(n hclsyntax.Node) hcl.Diagnostics {
	w.stack = append(w.stack, n)
	scope, ok := n.(*hclsyntax.ScopeTraversalExpr)
	if !ok || len(scope.Traversal) != 2 {
		return nil
	}
	ref := expression.NewRef(scope.Traversal)
	if ref.Root != language.RefCheck && ref.Root != language.RefFact {
		return nil
	}
	index, ok := w.above(1).(*hclsyntax.IndexExpr)
	if !ok || index.Collection != n {
		w.whole = append(w.whole, terminal.Reference(scope.Traversal))
		return nil
	}
	k := keyedRead{ref: ref, key: &expression.Expr{Expression: index.Key}}
	for _, t := range index.Key.Variables() {
		k.key.Refs = append(k.key.Refs, expression.NewRef(t))
	}
	if rel, ok := w.above(2).(*hclsyntax.RelativeTraversalExpr); ok {
		k.rest = rel.Traversal
	}
	w.found[n] = k
	return nil
}

func (w *keyWalk) Exit(hclsyntax.Node) hcl.Diagnostics {
	w.stack = w.stack[:len(w.stack)-1]
	return nil
}

// above is the n-th node above the one just entered.
func (w *keyWalk) above(n int) hclsyntax.Node {
	if i := len(w.stack) - 1 - n; i >= 0 {
		return w.stack[i]
	}
	return nil
}
