package engine

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// A stepScope is what the expressions of one check or fact see beside other checks.
type stepScope struct {
	consts         *hcl.EvalContext
	target, result cty.Value
	ctx            *hcl.EvalContext // of own
	// facts are the nodes of the facts that were gathered for it. Others read
	// as unknown even if they were gathered for somebody else, so that the
	// outcome does not depend on who was first.
	facts    []int
	allFacts bool
	// budget is what evaluating may still cost: each time that a check is
	// observed, and again when it is diagnosed.
	budget *expression.Budget
}

// scope is what e is evaluated in: the plan's constants and, of what was
// observed, only what e refers to, so that an evaluation costs what it uses
// and not the size of the runbook.
func (r *run) scope(e *expression.Expr, v *stepScope) *hcl.EvalContext {
	ctx := v.consts
	var few [2]blockValues // without imports there are no more: check and fact
	read := few[:0]
	for i := range e.Refs {
		ref := &e.Refs[i]
		switch ref.Root {
		case language.RefTarget, language.RefResult:
			ctx = v.own()
		case language.RefCheck, language.RefFact:
			b := r.plan.block(ref)
			if b == nil {
				continue
			}
			var to *blockValues
			to, read = below(read, ref.Traversal.RootName())
			r.addRead(to, b, e, ref, v)
		}
	}
	if len(read) == 0 {
		return ctx
	}
	ctx = ctx.NewChild()
	ctx.Variables = make(map[string]cty.Value, len(read))
	for i := range read {
		read[i].addTo(ctx)
	}
	return ctx
}

// below finds the values below a root, or begins with them.
func below(read []blockValues, root string) (*blockValues, []blockValues) {
	for i := range read {
		if read[i].root == root {
			return &read[i], read
		}
	}
	read = append(read, blockValues{root: root})
	return &read[len(read)-1], read
}

// own is the constants with the target and the result.
func (v *stepScope) own() *hcl.EvalContext {
	if v.ctx == nil {
		v.ctx = v.consts.NewChild()
		v.ctx.Variables = map[string]cty.Value{"target": v.target, "result": v.result}
	}
	return v.ctx
}

// observed sets the result.
func (v *stepScope) observed(result cty.Value) { v.result, v.ctx = result, nil }

// aimed sets the target.
func (v *stepScope) aimed(target cty.Value) { v.target, v.ctx = target, nil }

// blockValues are the values of checks or of facts of one root, by name.
type blockValues struct {
	root  string // as expressions find it
	plain map[string]cty.Value
	keyed map[*block]map[string]cty.Value // those instances that are referred to
}

func (b *blockValues) addTo(ctx *hcl.EvalContext) {
	for block, values := range b.keyed {
		if _, whole := b.plain[expression.OwnName(block.name)]; !whole {
			b.set(expression.OwnName(block.name), block.mapValue(values))
		}
	}
	if b.plain != nil {
		ctx.Variables[b.root] = cty.ObjectVal(b.plain)
	}
}

func (b *blockValues) set(name string, v cty.Value) {
	if b.plain == nil {
		b.plain = make(map[string]cty.Value, 1)
	}
	b.plain[name] = v
}

// addRead adds what one reference to a check or fact is to.
func (r *run) addRead(to *blockValues, b *block, e *expression.Expr, ref *expression.Ref, v *stepScope) {
	name := expression.OwnName(ref.Name)
	if !b.expanded() {
		// Of two references the one that waits for more has the last word.
		if _, ok := to.plain[name]; !ok || ref.Attr != "result" {
			to.set(name, r.value(ref, b.first, v))
		}
		return
	}
	keys, all := r.plan.keysRead(e, ref, v.consts)
	if all {
		to.set(name, r.whole(b.group, v))
		return
	}
	if to.keyed == nil {
		to.keyed = map[*block]map[string]cty.Value{}
	}
	if to.keyed[b] == nil {
		to.keyed[b] = map[string]cty.Value{}
	}
	for _, key := range keys {
		i, ok := b.keys[key]
		if !ok {
			continue
		}
		if _, ok := to.keyed[b][key]; !ok || ref.Attr != "result" {
			to.keyed[b][key] = r.value(ref, i, v)
		}
	}
}

// value is one check or fact, as far as its reader has waited for it.
func (r *run) value(ref *expression.Ref, i int, v *stepScope) cty.Value {
	if ref.Root == language.RefFact {
		return r.factValue(i, v.sees(r.plan.facts[i].node))
	}
	return r.checkValue(i, ref.Attr != "result")
}

// whole is all instances of a block, as far as their reader waited for them.
func (r *run) whole(g *group, v *stepScope) cty.Value {
	run := &r.groups[r.plan.nodes[g.node].index]
	if g.root == language.RefFact && !v.sees(g.node) {
		return run.unknown()
	}
	return run.value
}

// sees reports whether the fact or facts of a node were gathered for the view.
func (v *stepScope) sees(n int) bool { return v.allFacts || slices.Contains(v.facts, n) }
