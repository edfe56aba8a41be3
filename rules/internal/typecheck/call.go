package typecheck

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/linecheck/linecheck/rules/terminal"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

func (c *Checker) call(e *hclsyntax.FunctionCallExpr) operand {
	f := language.Callees()[e.Name]
	if f == nil {
		c.report(e.NameRange, "Unknown function", fmt.Sprintf("There is no function %q.%s", e.Name, diagnostic.DidYouMean(e.Name, slices.Sorted(maps.Keys(language.Callees())))))
		all := c.arguments(e)
		return all.wrong(cty.DynamicVal)
	}
	if f.Lenient {
		return c.callLenient(e, len(f.Params) > 0)
	}
	if !c.countArguments(e, f) {
		all := c.arguments(e)
		return all.wrong(cty.DynamicVal)
	}

	all := operand{}
	args := make([]cty.Value, len(e.Args))
	var from *Origin
	var given []operand // of a search
	for i, arg := range e.Args {
		o := c.eval(arg)
		if searches(e.Name) {
			given = append(given, o)
		}
		if i == 0 {
			from = o.from.through(e.Name)
		}
		was := o.v.Type()
		if e.ExpandFinal && i == len(e.Args)-1 {
			return c.callExpanded(e, f, args[:i], all, o)
		}
		o = c.argument(arg, o, e.Name, f.Param(i))
		if i == 0 && !elementOf(o.v.Type()).Equals(elementOf(was)) {
			from = nil // a number as a string is none that was observed
		}
		args[i] = o.v
		all = all.with(o, cty.NilVal)
	}
	if !all.bad && c.neverFound(e, given) {
		return all.wrong(guard.UnknownBool)
	}
	all = c.result(e, f, args, all)
	if !all.bad {
		all.from = from
	}
	return all
}

// elementOf is the type of the elements of a list, set or tuple, or any type.
func elementOf(t cty.Type) cty.Type {
	switch {
	case t.IsTupleType():
		return unknownOf(t.TupleElementTypes()).Type()
	case guard.IsSequence(t):
		return t.ElementType()
	}
	return cty.DynamicPseudoType
}

// arguments only reports what is wrong in the arguments.
func (c *Checker) arguments(e *hclsyntax.FunctionCallExpr) operand {
	all := operand{}
	for _, arg := range e.Args {
		all = all.with(c.eval(arg), cty.NilVal)
	}
	return all
}

func (c *Checker) countArguments(e *hclsyntax.FunctionCallExpr, f *language.Callee) bool {
	given := len(e.Args)
	if e.ExpandFinal {
		given-- // it may stand for any number
	}
	switch {
	case given < len(f.Params) && !e.ExpandFinal:
		c.report(e.CloseParenRange, "Missing argument", fmt.Sprintf("%s needs an argument %q.", e.Name, f.Params[given].Name))
	case given > len(f.Params) && f.Rest == nil:
		c.report(e.Args[len(f.Params)].Range(), "Too many arguments", fmt.Sprintf("%s takes %d, and this is one more.", e.Name, len(f.Params)))
	default:
		return true
	}
	return false
}

// argument demands what a parameter takes.
func (c *Checker) argument(e hclsyntax.Expression, o operand, name string, p function.Parameter) operand {
	t := o.v.Type()
	switch {
	case o.bad:
		return o.wrong(cty.UnknownVal(p.Type))
	case o.v.IsNull() && !p.AllowNull:
		if !c.excused(o) {
			c.report(e.Range(), "Wrong argument", fmt.Sprintf("%s can't take null as its %q.", name, p.Name))
		}
		return o.wrong(cty.UnknownVal(p.Type))
	case p.Type == cty.DynamicPseudoType, t.Equals(p.Type):
		return o
	case p.Type == cty.Number && t == cty.String && o.pure:
		return c.unconverted(e, o)
	case p.Type.IsListType() && p.Type.ElementType() == cty.Bool && holdsStrings(t) && !o.v.IsWhollyKnown():
		c.report(e.Range(), "Wrong argument", fmt.Sprintf("%s as %s's %q: a list of bool is needed, and its elements are strings. Compare each: [for x in … : x == \"…\"].", describe(e, "This"), name, p.Name))
		return o.wrong(cty.UnknownVal(p.Type))
	}
	v, err := language.Convert(o.v, p.Type)
	if err != nil {
		if !c.excused(o) {
			c.report(e.Range(), "Wrong argument", fmt.Sprintf("%s as %s's %q: %s", describe(e, "This"), name, p.Name, terminal.Lower(wrongType(o.v, p.Type, err))))
		}
		return o.wrong(cty.UnknownVal(p.Type))
	}
	o.v = v
	return o
}

// holdsStrings says that an element of a list or tuple is a string.
func holdsStrings(t cty.Type) bool {
	if t.IsTupleType() {
		return slices.Contains(t.TupleElementTypes(), cty.String)
	}
	return guard.IsSequence(t) && t.ElementType() == cty.String
}

// excused says that something may fail: it is constant and inside of try or
// can, so that it fails on purpose.
func (c *Checker) excused(o operand) bool { return c.lenient > 0 && !o.refers }

// result calls a function with what is known of its arguments.
func (c *Checker) result(e *hclsyntax.FunctionCallExpr, f *language.Callee, args []cty.Value, all operand) operand {
	if all.bad {
		return all.wrong(resultType(f, args))
	}
	c.sameKind(e, args, &all)
	if all.bad {
		return all
	}
	v, err := f.Call(args)
	if err != nil {
		if !c.excused(all) {
			rng := e.Range()
			var wrong function.ArgError
			if errors.As(err, &wrong) && wrong.Index >= 0 && wrong.Index < len(e.Args) {
				rng = e.Args[wrong.Index].Range()
			}
			c.report(rng, "Wrong argument", fmt.Sprintf("%s can't be called so: %s.", e.Name, guard.CallError(err)))
		}
		return all.wrong(cty.DynamicVal)
	}
	if v.ContainsMarked() {
		v, _ = v.UnmarkDeep()
	}
	all.v = v
	return all.declared()
}

// resultType is an unknown of the type that a function would have given.
func resultType(f *language.Callee, args []cty.Value) cty.Value {
	unknown := make([]cty.Value, len(args))
	for i, arg := range args {
		if arg == cty.NilVal {
			return cty.DynamicVal
		}
		unknown[i] = cty.UnknownVal(arg.Type())
	}
	if t, err := f.ReturnTypeForValues(unknown); err == nil {
		return cty.UnknownVal(t)
	}
	return cty.DynamicVal
}

// searches reports whether a function looks for a value among others.
func searches(name string) bool { return name == "contains" || name == "index" }

// sameKind reports a search for something that can't be found because it is of
// another type than what is searched.
func (c *Checker) sameKind(e *hclsyntax.FunctionCallExpr, args []cty.Value, all *operand) {
	if !searches(e.Name) || len(args) != 2 || !guard.IsSequence(args[0].Type()) {
		return
	}
	value := args[1].Type()
	var types []cty.Type
	if t := args[0].Type(); t.IsTupleType() {
		types = t.TupleElementTypes()
	} else {
		types = []cty.Type{t.ElementType()}
	}
	if !value.IsPrimitiveType() || args[1].IsNull() || len(types) == 0 || !all.refers {
		return
	}
	for _, t := range types {
		if !t.IsPrimitiveType() || t == value {
			return
		}
	}
	c.report(e.Range(), "Never found", fmt.Sprintf("%s is %s, and the elements of %s are of type %s, which are never equal. Write them alike.",
		describe(e.Args[1], "The value"), typeNoun(value), describe(e.Args[0], "the list"), types[0].FriendlyName()))
	*all = all.wrong(guard.UnknownBool)
}

// callExpanded is a call whose last argument, a list, stands for any number.
func (c *Checker) callExpanded(e *hclsyntax.FunctionCallExpr, f *language.Callee, args []cty.Value, all, list operand) operand {
	all = all.with(list, cty.DynamicVal)
	all.loop = false
	last := e.Args[len(e.Args)-1]
	t := list.v.Type()
	switch {
	case all.bad:
		return all
	case list.v.IsNull(), t != cty.DynamicPseudoType && !guard.IsSequence(t):
		c.report(last.Range(), "Wrong argument", "What stands before ... must be a list or set.")
		return all.wrong(cty.DynamicVal)
	case t == cty.DynamicPseudoType:
		return all.declared()
	case !t.IsTupleType() && !list.v.IsKnown():
		// Whatever their number: the type of each must fit.
		if p := f.Param(len(args)); p.Name != "" {
			c.argument(last, list.taken(cty.UnknownVal(t.ElementType())), e.Name, p)
		}
		if f.Rest != nil && len(args) >= len(f.Params) {
			return c.result(e, f, append(args, convertedOr(cty.UnknownVal(t.ElementType()), f.Rest.Type)), all)
		}
		return all.declared()
	}
	elements := unknownElements(list.v)
	if n := len(args) + len(elements); n < len(f.Params) || n > len(f.Params) && f.Rest == nil {
		c.report(last.Range(), "Wrong number of arguments", fmt.Sprintf("%s takes %d, and these make %d.", e.Name, len(f.Params), n))
		return all.wrong(cty.DynamicVal)
	}
	for _, el := range elements {
		o := c.argument(last, list.taken(el), e.Name, f.Param(len(args)))
		args = append(args, o.v)
		all = all.with(o, cty.NilVal)
		if o.bad {
			break
		}
	}
	return c.result(e, f, args, all)
}

// unknownElements is the elements of a tuple or a known list.
func unknownElements(v cty.Value) []cty.Value {
	if v.IsKnown() {
		return v.AsValueSlice()
	}
	types := v.Type().TupleElementTypes()
	vals := make([]cty.Value, len(types))
	for i, t := range types {
		vals[i] = cty.UnknownVal(t)
	}
	return vals
}

// callLenient is try or, with one argument, can.
func (c *Checker) callLenient(e *hclsyntax.FunctionCallExpr, can bool) operand {
	switch {
	case len(e.Args) == 0:
		c.report(e.CloseParenRange, "Missing argument", e.Name+" needs an expression.")
		return operand{v: cty.DynamicVal, bad: true}
	case can && len(e.Args) > 1:
		c.report(e.Args[1].Range(), "Too many arguments", "can takes 1, and this is one more.")
	}
	c.lenient++
	before := len(c.Diags)
	all := operand{}
	var vals []cty.Value
	for _, arg := range e.Args {
		o := c.eval(arg)
		all = all.with(o, cty.NilVal)
		if !o.bad {
			vals = append(vals, nested(o))
		}
	}
	c.lenient--
	// What fails on purpose is no fault of the whole.
	all.bad = len(c.Diags) > before
	switch {
	case all.bad:
		all.v = cty.DynamicVal
	case c.neverFails(e.Args[0]) && (can || len(e.Args) > 1):
		c.uselessTry(e, can)
		all = all.wrong(cty.DynamicVal)
	case can:
		all.v = guard.UnknownBool
	case len(vals) == 1 && vals[0].IsKnown():
		all.v = vals[0]
	default:
		all.v, all.loop = anyOf(vals)
		return all
	}
	all.loop = false
	if can {
		all.v = guard.UnknownBool
	}
	return all
}

// anyOf is what is known of a value that is one of vals as it is, without a
// conversion. The second result says that a list may be a tuple.
func anyOf(vals []cty.Value) (cty.Value, bool) {
	vals = slices.DeleteFunc(vals, guard.IsBareNull)
	if len(vals) == 0 {
		return cty.DynamicVal, false
	}
	t, same, sequences := vals[0].Type(), true, true
	for _, v := range vals {
		same = same && v.Type().Equals(t)
		sequences = sequences && guard.IsSequence(v.Type())
	}
	switch {
	case same:
		return cty.UnknownVal(t), false
	case sequences:
		if t := guard.UnifyValues(vals); t != cty.NilType && t.IsListType() {
			return cty.UnknownVal(t), true
		}
	}
	return cty.DynamicVal, false
}

// neverFails says that e reads an attribute of something observed in a way
// that can't fail: it may be null or unknown, and neither is an error.
func (c *Checker) neverFails(e hclsyntax.Expression) bool {
	ref, ok := bare(e).(*hclsyntax.ScopeTraversalExpr)
	if !ok {
		return false
	}
	if _, root := expression.SplitRoot(ref.Traversal.RootName()); !root.Observed() {
		return false
	}
	for i := len(c.locals) - 1; i >= 0; i-- {
		if c.locals[i].name == ref.Traversal.RootName() {
			return false
		}
	}
	v, ok, _ := c.scope.Lookup(ref.Traversal.RootName())
	if !ok {
		return false
	}
	t := v.Type()
	for _, step := range ref.Traversal[1:] {
		if !t.IsObjectType() || !t.HasAttribute(expression.StepName(step)) {
			return false
		}
		t = t.AttributeType(expression.StepName(step))
	}
	return t != cty.DynamicPseudoType
}

func (c *Checker) uselessTry(e *hclsyntax.FunctionCallExpr, can bool) {
	what := describe(e.Args[0], "this")
	if can {
		c.report(e.Range(), "Always true", fmt.Sprintf("Reading %s never fails: it may be null or not observed, and neither is an error. Did you mean %[1]s != null?", what))
		return
	}
	c.report(e.Args[0].Range(), "Never fails", fmt.Sprintf("Reading %s never fails, so what follows in try is never used: it may be null or not observed, and neither is an error. For what may be null write coalesce(%[1]s, …).", what))
}
