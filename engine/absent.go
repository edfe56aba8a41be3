package engine

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// noTarget is why a check or fact whose target is null is not observed: it
// names the variables that would give it one.
func (r *run) noTarget(target *expression.Expr, v *stepScope) *absence {
	a := &absence{status: Skipped, reason: "has no target", skip: SkipNoTarget, aimless: true, final: true}
	if target != nil {
		a.unset = r.unset(target, v)
	}
	if len(a.unset) > 0 {
		a.reason, a.skip = noValue(a.unset), SkipNoValue
	}
	return a
}

// aimless reports whether the values of the site give a check no target,
// although its kind needs one.
func (c *check) aimless() bool {
	return c.target != cty.NilVal && c.target.IsNull() && c.Target != nil && !c.Probe.Kind.TargetOptional
}

// inapplicable is the absence of a check whose when is false whatever is
// observed; nil where that is not known beforehand.
func (r *run) inapplicable(c *checkRun) *absence {
	if c.When == nil || slices.ContainsFunc(c.When.Refs, func(ref expression.Ref) bool { return ref.Observed() || ref.Root == language.RefTarget }) {
		return nil
	}
	if r.condition(c.When, &c.view).outcome != isFalse {
		return nil
	}
	r.tellJudged(c.address, &c.view, c.When)
	return &absence{status: Skipped, reason: `does not apply: "when" is false`, skip: SkipNotApplicable, final: true}
}

func noValue(names []string) string {
	if len(names) == 1 {
		return "no value for the variable " + names[0]
	}
	return "no value for the variables " + terminal.List(names)
}

// unset lists the variables without a value that e refers to, also by way of
// locals and of facts that were not gathered for want of a variable.
func (r *run) unset(e *expression.Expr, v *stepScope) []string {
	var list []string
	seen := map[string]bool{}
	var visit func(refs []expression.Ref)
	visit = func(refs []expression.Ref) {
		for i := range refs {
			ref := &refs[i]
			switch ref.Root {
			case language.RefVar:
				if value, ok := r.plan.vars[ref.Name]; ok && value.IsNull() {
					list = union(list, []string{ref.Name})
				}
				v, ok := r.plan.imported[ref.Name]
				if !ok || !v.value.IsNull() || seen["var."+ref.Name] {
					continue
				}
				seen["var."+ref.Name] = true
				before := len(list)
				if v.arg != nil { // what it is made from has no value
					visit(v.arg.Expr.Refs)
				}
				if len(list) == before {
					list = append(list, fmt.Sprintf("%s of import %q", expression.OwnName(ref.Name), expression.Module(ref.Name)))
				}
			case language.RefLocal:
				if l := r.plan.runbook.Local(ref.Name); l != nil && !seen[ref.Name] {
					seen[ref.Name] = true
					visit(l.Expr.Refs)
				}
			}
		}
	}
	visit(e.Refs)
	r.plan.reads(e, v.consts, func(rd read) {
		if rd.ref.Root != language.RefFact || !v.sees(r.plan.node(rd)) {
			return
		}
		for i := rd.first; i < rd.first+rd.count; i++ {
			if a := r.facts[i].absent; a != nil {
				list = union(list, a.unset)
			}
		}
	})
	return list
}

// unknownBecause is why something that must be known before an observation is
// not. What waits for a variable or for a skipped check is skipped itself,
// what waits for something that did not pass is blocked by it, so that one
// fault stays one root cause. All else is an error.
func (r *run) unknownBecause(e *expression.Expr, v *stepScope, what string) *absence {
	var skipped, blocked *absence
	for _, ref := range r.missing(e, v) {
		for _, a := range r.whyMissing(e, ref, v) {
			switch {
			case a.status == Skipped && skipped == nil:
				skipped = a
			case a.status == Skipped:
				skipped.unset = union(skipped.unset, a.unset)
			case a.status == Blocked && blocked == nil:
				blocked = a
			case a.status == Blocked:
				blocked.blocks = r.union([]*roots{blocked.blocks, a.blocks})
			default:
				return &absence{status: Error, reason: what + " is not known, because " + a.reason}
			}
		}
	}
	switch {
	case blocked != nil:
		return blocked
	case skipped != nil && len(skipped.unset) > 0:
		skipped.reason, skipped.skip = noValue(skipped.unset), SkipNoValue
		return skipped
	case skipped != nil:
		skipped.skip = SkipUpstream
		skipped.reason = what + " is not known, because " + skipped.reason
		return skipped
	}
	return &absence{status: Error, reason: what + " is not known"}
}

// whyMissing says for each check or fact behind a reference that has no value
// why that is so.
func (r *run) whyMissing(e *expression.Expr, missing reference, v *stepScope) []*absence {
	var why []*absence
	add := func(a absence) { why = append(why, &a) }
	r.plan.reads(e, v.consts, func(rd read) {
		if rd.ref != missing.ref {
			return
		}
		for i := rd.first; i < rd.first+rd.count; i++ {
			if rd.ref.Root == language.RefFact {
				add(r.whyNoFact(&r.facts[i], missing.name, v.sees(r.plan.node(rd))))
				continue
			}
			a := r.whyNoResult(&r.checks[i], rd.ref.Attr == "result")
			if a.status == Error {
				a.reason = missing.name + " was not observed"
			}
			add(a)
		}
	})
	return why
}

// whyNoFact is why something of a fact has no value.
func (r *run) whyNoFact(f *factRun, name string, gathered bool) absence {
	if !gathered || f.absent == nil {
		return absence{status: Error, reason: name + " was not observed"}
	}
	a := *f.absent
	if a.reason != "" {
		a.reason = f.address + " was not gathered: " + a.reason
	}
	return a
}

// whyNoResult is why something of a check has no value, for who waited for its
// end or, with observedOnly, for its observation only: what the diagnosis will
// come to is not known then, and may not be looked at.
func (r *run) whyNoResult(c *checkRun, observedOnly bool) absence {
	switch {
	case c.absent != nil && c.absent.status == Skipped:
		return absence{status: Skipped, reason: c.address + " was skipped", skip: SkipUpstream, aimless: c.report.Untargeted}
	case c.absent != nil && c.absent.status == Blocked:
		return absence{status: Blocked, blocks: c.absent.blocks}
	case c.absent != nil || c.judged.status == Error,
		c.judged.status == Fail && !c.mayOnlyWarn(),
		c.judged.status == Fail && !observedOnly && c.report.Status == Fail:
		return absence{status: Blocked, blocks: r.rootOf(c)}
	}
	return absence{status: Error}
}

// mayOnlyWarn reports whether a cause could turn the check's failure into a
// warning.
func (c *checkRun) mayOnlyWarn() bool {
	return slices.ContainsFunc(c.Causes, func(cause *rules.Cause) bool { return cause.Severity != nil })
}

// A reference is what an expression refers to, with its value.
type reference struct {
	ref   *expression.Ref
	name  string // as it is written, computed keys filled in
	value cty.Value
	whole bool // all instances of an expanded block at once
}

// observed evaluates each reference of e to something observed.
func (r *run) observed(e *expression.Expr, v *stepScope) []reference {
	if e == nil {
		return nil
	}
	var list []reference
	var ctx *hcl.EvalContext
	for i := range e.Refs {
		ref := &e.Refs[i]
		if !ref.Observed() {
			continue
		}
		if ctx == nil {
			ctx = r.scope(e, v)
		}
		for _, t := range r.written(e, ref, v) {
			value, diags := t.TraverseAbs(ctx)
			if diags.HasErrors() {
				value = cty.DynamicVal // a step into something that was not there
			}
			name := terminal.Reference(t)
			if !slices.ContainsFunc(list, func(o reference) bool { return o.name == name }) {
				list = append(list, reference{ref, name, value, len(t) == 2 && r.plan.block(ref).expanded()})
			}
		}
	}
	return list
}

// written lists the traversals that a reference stands for: itself, or one for
// each key that is computed.
func (r *run) written(e *expression.Expr, ref *expression.Ref, v *stepScope) []hcl.Traversal {
	if len(ref.Traversal) != 2 || !r.plan.block(ref).expanded() {
		return []hcl.Traversal{ref.Traversal}
	}
	var list []hcl.Traversal
	for _, k := range r.plan.keyedReads(e) {
		key, ok := knownKey(k.key, v.consts)
		if !ok || k.ref.Name != ref.Name || k.ref.Root != ref.Root {
			continue
		}
		t := append(slices.Clone(k.ref.Traversal), hcl.TraverseIndex{Key: cty.StringVal(key)})
		list = append(list, append(t, k.rest...))
	}
	if len(list) == 0 {
		return []hcl.Traversal{ref.Traversal}
	}
	return list
}

// missing lists the references of e that were not observed.
func (r *run) missing(e *expression.Expr, v *stepScope) []reference {
	return slices.DeleteFunc(r.observed(e, v), func(o reference) bool {
		plain, _ := o.value.UnmarkDeep()
		return plain.IsWhollyKnown()
	})
}

// union is a and those of b that are not in it, in this order.
func union(a, b []string) []string {
	a = slices.Clip(a)
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}

func names(refs []reference) []string {
	list := make([]string, len(refs))
	for i := range refs {
		list[i] = refs[i].name
	}
	return list
}
