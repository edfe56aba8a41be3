package engine

import (
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// A block is a check or fact of the runbook with what it was expanded to.
type block struct {
	root         language.RefRoot // RefCheck or RefFact
	name         string
	kind         *language.Kind
	first, count int // its instances, in Plan.checks or Plan.facts
	// keys finds an instance of an expanded block, by its key. It is nil where
	// the block has no for_each, and so is the group of all instances.
	keys  map[string]int
	group *group
}

func (b *block) expanded() bool { return b != nil && b.keys != nil }

// A check is a check of the runbook, or one instance of it.
type check struct {
	*rules.Check
	address  string
	key      string           // of an expanded check
	consts   *hcl.EvalContext // the plan's, with each
	title    string
	timeout  time.Duration // of all attempts together
	attempts int
	interval time.Duration
	skip     string   // why it does not run in this plan; "" where it does
	skipKind SkipKind // of skip
	waiver   *WaiverReport
	target   cty.Value // NilVal where it depends on something observed
	note     string    // what must be said of it whatever it comes to
	gates    []int     // nodes that it depends on

	observation, warning, diagnosis int // nodes; warning -1 where it needs none
	at                              int // place in the order of the plan
}

// A fact is a fact of the runbook, or one instance of it.
type fact struct {
	*rules.Fact
	address string
	key     string
	consts  *hcl.EvalContext
	timeout time.Duration
	node    int
}

// expand makes instances of all checks and facts.
func (p *Plan) expand() hcl.Diagnostics {
	var diags hcl.Diagnostics
	rb := p.runbook
	p.factBlocks = make(map[string]*block, len(rb.Facts))
	p.checkBlocks = make(map[string]*block, len(rb.Checks))
	p.facts = make([]*fact, 0, len(rb.Facts))
	p.checks = make([]*check, 0, len(rb.Checks))

	for _, f := range rb.Facts {
		b := &block{root: language.RefFact, name: f.Name, kind: f.Probe.Kind, first: len(p.facts)}
		p.factBlocks[f.Name] = b
		diags = append(diags, p.common.problems[f.Probe]...)
		diags = append(diags, p.instances(b, f.ForEach, func(in instance) {
			inst := &fact{Fact: f, address: in.address, key: in.key, consts: in.consts, timeout: rules.DefaultTimeout}
			v, problem := constantValue(f.Timeout, factTimeoutAttr, in.consts, p.budget)
			if problem != nil {
				diags = append(diags, problem)
			} else if !v.IsNull() {
				inst.timeout, _ = language.Duration(v)
			}
			p.facts = append(p.facts, inst)
		})...)
	}
	for _, c := range rb.Checks {
		b := &block{root: language.RefCheck, name: c.Name, kind: c.Probe.Kind, first: len(p.checks)}
		p.checkBlocks[c.Name] = b
		diags = append(diags, p.common.problems[c.Probe]...)
		diags = append(diags, p.instances(b, c.ForEach, func(in instance) {
			inst := &check{Check: c, address: in.address, key: in.key, consts: in.consts}
			diags = append(diags, inst.settle(p.budget)...)
			p.checks = append(p.checks, inst)
		})...)
	}
	return diags
}

// An instance is what the instances of checks and facts have in common.
type instance struct {
	address, key string
	consts       *hcl.EvalContext
}

// instanceSteps are charged for each instance: it is some kilobytes, and a plan
// has room for 100,000 of them.
const instanceSteps = expression.MaxPlanSteps / 100_000

// instances calls add for each instance of a block: once without a for_each,
// else for each key in the order of the keys.
func (p *Plan) instances(b *block, forEach *expression.Expr, add func(instance)) hcl.Diagnostics {
	if forEach == nil {
		b.count = 1
		add(instance{address: expression.AddressOf(b.root, b.name), consts: p.consts})
		return nil
	}
	elements, problem := p.elements(forEach)
	if problem == nil {
		problem = p.budget.Spend(instanceSteps*int64(len(elements)), forEach.Range())
	}
	if problem != nil {
		b.keys = map[string]int{}
		return hcl.Diagnostics{problem}
	}
	b.count = len(elements)
	b.keys = make(map[string]int, len(elements))
	for i, el := range elements {
		b.keys[el.key] = b.first + i
		consts := p.consts.NewChild()
		consts.Variables = map[string]cty.Value{"each": cty.ObjectVal(map[string]cty.Value{
			"key": cty.StringVal(el.key), "value": el.value,
		})}
		add(instance{
			address: expression.InstanceAddress(b.root, b.name, el.key),
			key:     el.key,
			consts:  consts,
		})
	}
	return nil
}

type element struct {
	key   string
	value cty.Value
}

// elements are what a for_each stands for, in the order of the keys.
func (p *Plan) elements(e *expression.Expr) ([]element, *hcl.Diagnostic) {
	const summary = "Unusable for_each"
	v, diags := e.ValueWithin(p.consts, p.budget)
	ty := v.Type()
	switch {
	case diags.HasErrors():
		return nil, diagnostic.ErrorAt(e.Range(), summary, "It can't be evaluated with the values of this site: %s", p.secrets.scrub(errorText(diags)))
	case v.IsMarked():
		return nil, diagnostic.ErrorAt(e.Range(), summary, "It is made from a sensitive variable, and its keys would be shown in every address. Build it from other variables.")
	case v.IsNull():
		return nil, diagnostic.ErrorAt(e.Range(), summary, "It is null. For no instance at all give it an empty map, {}.")
	case !v.IsWhollyKnown() && (ty == cty.DynamicPseudoType || !v.IsKnown()):
		return nil, diagnostic.ErrorAt(e.Range(), summary, "Its value is not known before the run; it may only refer to variables and locals.")
	case ty.IsSetType() && ty.ElementType() == cty.String, ty.IsMapType(), ty.IsObjectType():
	case ty.IsListType(), ty.IsTupleType(), ty.IsSetType():
		return nil, diagnostic.ErrorAt(e.Range(), summary, "It is %s. Give it a map, or a set of strings: toset(…) makes one of a list.", ty.FriendlyName())
	default:
		return nil, diagnostic.ErrorAt(e.Range(), summary, "It is %s. Give it a map or a set of strings.", ty.FriendlyName())
	}
	elements := make([]element, 0, v.LengthInt())
	for it := v.ElementIterator(); it.Next(); {
		key, value := it.Element()
		if key.IsMarked() || ty.IsSetType() && value.IsMarked() {
			return nil, diagnostic.ErrorAt(e.Range(), summary, "One of its keys is sensitive, and would be shown in an address.")
		}
		if key.IsNull() || !key.IsKnown() {
			return nil, diagnostic.ErrorAt(e.Range(), summary, "One of its elements is null, and a key must be a string.")
		}
		elements = append(elements, element{key.AsString(), value})
	}
	return elements, nil
}

// What of a check is settled before anything is observed, and the bounds that
// the language sets to it.
var (
	factTimeoutAttr = language.CheckFile.Block("fact").Attr("timeout")
	timeoutAttr     = language.CheckFile.Block("check").Attr("timeout")
	attemptsAttr    = language.CheckFile.Block("check").Block("retry").Attr("attempts")
	intervalAttr    = language.CheckFile.Block("check").Block("retry").Attr("interval")
)

// settle evaluates what of a check does not depend on anything observed.
func (c *check) settle(b *expression.Budget) hcl.Diagnostics {
	c.timeout, c.attempts, c.interval = rules.DefaultTimeout, 1, rules.DefaultInterval
	if c.Title != nil {
		c.title, _ = c.Title.TextWithin(c.consts, b)
	}
	var diags hcl.Diagnostics
	evaluate := func(e *expression.Expr, attr *language.AttrType, set func(cty.Value)) {
		v, problem := constantValue(e, attr, c.consts, b)
		if problem != nil {
			diags = append(diags, problem)
		} else if !v.IsNull() {
			set(v)
		}
	}
	evaluate(c.Timeout, timeoutAttr, func(v cty.Value) { c.timeout, _ = language.Duration(v) })
	if c.Retry != nil {
		evaluate(c.Retry.Attempts, attemptsAttr, func(v cty.Value) {
			n, _ := v.AsBigFloat().Int64()
			c.attempts = int(n)
		})
		evaluate(c.Retry.Interval, intervalAttr, func(v cty.Value) { c.interval, _ = language.Duration(v) })
	}
	c.target = settledTarget(c.Target, c.consts, b)
	return diags
}

// settledTarget is a target that is the same whatever is observed. One that
// breaks is left to the run, where it is an error of its check.
func settledTarget(e *expression.Expr, consts *hcl.EvalContext, b *expression.Budget) cty.Value {
	if e == nil {
		return cty.NullVal(cty.String)
	}
	if slices.ContainsFunc(e.Refs, func(r expression.Ref) bool { return r.Observed() }) {
		return cty.NilVal
	}
	v, problem := targetValue(e, consts, b)
	if plain, _ := v.Unmark(); problem != "" || !plain.IsKnown() {
		return cty.NilVal
	}
	return v
}

// targetValue evaluates a target. It may be unknown and keeps its marks.
func targetValue(e *expression.Expr, ctx *hcl.EvalContext, b *expression.Budget) (v cty.Value, problem string) {
	v, diags := e.ValueWithin(ctx, b)
	if diags.HasErrors() {
		return v, "its target can't be evaluated: " + strings.TrimSuffix(errorText(diags), ".")
	}
	v, err := language.Convert(v, cty.String)
	if err != nil {
		return v, "its target is not a string: " + err.Error()
	}
	if plain, _ := v.Unmark(); plain.IsKnown() && !plain.IsNull() && plain.AsString() == "" {
		return v, "its target is an empty string"
	}
	return v, ""
}

// constantValue evaluates an attribute that refers to nothing observed; one that is
// left out is null.
func constantValue(e *expression.Expr, attr *language.AttrType, consts *hcl.EvalContext, b *expression.Budget) (cty.Value, *hcl.Diagnostic) {
	if e == nil {
		return cty.NullVal(attr.Type), nil
	}
	summary := "Unusable " + attr.Name
	v, diags := e.ValueWithin(consts, b)
	if diags.HasErrors() {
		return v, diagnostic.ErrorAt(e.Range(), summary, "It can't be evaluated with the values of this site: %s", errorText(diags))
	}
	given, err := language.Convert(v, attr.Type)
	v, _ = given.Unmark()
	switch {
	case err != nil:
		return v, diagnostic.ErrorAt(e.Range(), summary, "It has the wrong type with the values of this site: %s.", err)
	case !v.IsKnown():
		return v, diagnostic.ErrorAt(e.Range(), summary, "It is not known before the run.")
	case v.IsNull():
		return v, nil
	}
	if problem := refusal(&attr.Attribute, given); problem != "" {
		return v, diagnostic.ErrorAt(e.Range(), summary, "It %s.", problem)
	}
	return v, nil
}

// argument evaluates an argument. The value may be unknown and keeps its
// marks; a problem reads on after the argument's name.
func argument(arg rules.ProbeArg, ctx *hcl.EvalContext, b *expression.Budget) (v cty.Value, problem string) {
	v, diags := arg.Expr.ValueWithin(ctx, b)
	if diags.HasErrors() {
		return v, "can't be evaluated: " + strings.TrimSuffix(errorText(diags), ".")
	}
	v, err := language.Convert(v, arg.Attr.ValueType())
	if err != nil {
		return v, "has the wrong type: " + err.Error()
	}
	plain := v
	if isMarked(v) {
		plain, _ = v.UnmarkDeep()
	}
	switch {
	case !plain.IsWhollyKnown():
		return v, ""
	case plain.IsNull() && arg.Attr.Default != cty.NilVal:
		return arg.Attr.Default, "" // as if it had been left out
	case plain.IsNull() && arg.Attr.Required:
		return v, "must not be null"
	case plain.IsNull():
		return v, ""
	}
	return v, refusal(arg.Attr, v)
}

// refusal is why an attribute can't have a known value, "" if it can. It reads
// on after the attribute's name and shows nothing of a sensitive value.
func refusal(a *language.Attribute, v cty.Value) string {
	plain, _ := v.UnmarkDeep()
	err := a.Validate(plain)
	switch {
	case err == nil:
		return ""
	case !isMarked(v):
		return err.Error()
	case a.Domain.String() != "":
		return "must be " + a.Domain.String() + ", and the sensitive value that it has is not"
	}
	return "can't be the sensitive value that it has"
}
