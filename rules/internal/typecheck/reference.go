package typecheck

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// reference walks a reference against the types of the scope.
func (c *Checker) reference(t hcl.Traversal) operand {
	root := t[0].(hcl.TraverseRoot)
	for i := len(c.locals) - 1; i >= 0; i-- {
		if c.locals[i].name == root.Name {
			return c.steps(c.locals[i].o, t[1:], t)
		}
	}
	v, ok, reason := c.scope.Lookup(root.Name)
	if !ok {
		return c.unknownRoot(t, root, reason)
	}
	o := operand{v: v, refers: true, from: c.scope.origin(root.Name)}
	if _, kind := expression.SplitRoot(root.Name); kind.Observed() {
		o.seen, o.pure = t, true
	}
	o = c.steps(o.declared(), t[1:], t)
	o.constant = c.scope.constant(t)
	return o
}

// steps walks further steps from a value. whole is the traversal that they end,
// for messages; nil where it begins with something else than a name.
func (c *Checker) steps(o operand, steps []hcl.Traverser, whole hcl.Traversal) operand {
	for i, step := range steps {
		if o.bad {
			return o
		}
		var path hcl.Traversal
		if whole != nil {
			path = whole[:len(whole)-len(steps)+i]
		}
		from := o.from.step(step)
		switch step := step.(type) {
		case hcl.TraverseAttr:
			o = c.attribute(o, step.Name, nameRange(step), path)
		case hcl.TraverseIndex:
			o = c.index(o, operand{v: step.Key}, step.SrcRange, path)
		default:
			return o.wrong(cty.DynamicVal)
		}
		o.from = from
	}
	if o.v.IsMarked() {
		o.v, _ = o.v.Unmark()
	}
	return o
}

// nameRange is the place of an attribute's name, without the period.
func nameRange(step hcl.TraverseAttr) hcl.Range {
	rng := step.SrcRange
	if rng.End.Byte-rng.Start.Byte == len(step.Name)+1 {
		rng.Start.Byte++
		rng.Start.Column++
	}
	return rng
}

// attribute is o.name.
func (c *Checker) attribute(o operand, name string, rng hcl.Range, path hcl.Traversal) operand {
	if o.v.IsMarked() {
		o.v, _ = o.v.Unmark()
	}
	t := o.v.Type()
	switch {
	case o.v.IsNull():
		return c.misstep(o, rng, "Null has no attributes", fmt.Sprintf("%s is null, so it has no attribute %q.", pathOr(path, "This"), name))
	case t.IsObjectType():
		if !t.HasAttribute(name) {
			return c.unknownAttribute(o, name, rng, path)
		}
		if o.v.IsKnown() {
			o.v = o.v.GetAttr(name)
		} else {
			o.v = cty.UnknownVal(t.AttributeType(name))
		}
		return o.declared()
	case t.IsMapType():
		return c.mapElement(o, name, rng, path)
	case t == cty.DynamicPseudoType:
		return o
	case guard.IsSequence(t):
		return c.misstep(o, rng, "A list has no attributes", sequenceRemedy(pathOr(path, "This"), t, name))
	default:
		return c.misstep(o, rng, "Unknown attribute", fmt.Sprintf("%s is %s, which has no attributes.", pathOr(path, "This"), typeNoun(t)))
	}
}

// declared is o, just taken out of something: where its type is open, that is
// how it was declared.
func (o operand) declared() operand {
	o.loose = o.loose || o.v.Type() == cty.DynamicPseudoType
	return o
}

func (c *Checker) mapElement(o operand, key string, rng hcl.Range, path hcl.Traversal) operand {
	t := o.v.Type().ElementType()
	if !o.v.IsKnown() {
		o.v = cty.UnknownVal(t)
		return o.declared()
	}
	if has := o.v.HasIndex(cty.StringVal(key)); has.IsKnown() && has.False() {
		keys := slices.Sorted(maps.Keys(o.v.AsValueMap()))
		return c.misstep(o, rng, "Unknown key", fmt.Sprintf("%s has no element %q.%s", pathOr(path, "This map"), key, diagnostic.DidYouMean(key, keys)))
	}
	o.v = o.v.Index(cty.StringVal(key))
	return o
}

// index is o[key].
func (c *Checker) index(o, key operand, rng hcl.Range, path hcl.Traversal) operand {
	if o.v.IsMarked() {
		o.v, _ = o.v.Unmark()
	}
	if o.v.IsNull() {
		return c.misstep(o, rng, "Null has no elements", fmt.Sprintf("%s is null, so it has no elements.", pathOr(path, "This")))
	}
	if key.v.IsNull() {
		return c.misstep(o, rng, "Wrong index", "Null can't be an index.")
	}
	t := o.v.Type()
	switch {
	case t == cty.DynamicPseudoType:
		return o
	case t.IsObjectType(), t.IsMapType():
		return c.keyed(o, key, rng, path)
	case t.IsListType(), t.IsTupleType():
		return c.positioned(o, key, rng, path)
	case t.IsSetType():
		return c.misstep(o, rng, "A set has no index", fmt.Sprintf("%s is a set, whose elements have no order and no index. Use one() or a for expression.", pathOr(path, "This")))
	default:
		return c.misstep(o, rng, "Wrong index", fmt.Sprintf("%s is %s, which has no elements.", pathOr(path, "This"), typeNoun(t)))
	}
}

// keyed is the element of an object or map with a key.
func (c *Checker) keyed(o, key operand, rng hcl.Range, path hcl.Traversal) operand {
	k, err := language.Convert(key.v, cty.String)
	if err != nil {
		return c.misstep(o, rng, "Wrong index", fmt.Sprintf("A string is needed to choose from %s, and this is %s.", typeNoun(o.v.Type()), typeNoun(key.v.Type())))
	}
	if name, ok := guard.KnownString(k); ok {
		return c.attribute(o, name, rng, path)
	}
	t := o.v.Type()
	if t.IsMapType() {
		o.v = cty.UnknownVal(t.ElementType())
		return o.declared()
	}
	o.v = unknownOf(slices.Collect(maps.Values(t.AttributeTypes())))
	o.pure = false
	return o
}

// positioned is the element of a list or tuple with a number.
func (c *Checker) positioned(o, key operand, rng hcl.Range, path hcl.Traversal) operand {
	t := o.v.Type()
	k, err := language.Convert(key.v, cty.Number)
	if err != nil {
		return c.misstep(o, rng, "Wrong index", fmt.Sprintf("A number is needed to choose from %s, and this is %s.", typeNoun(t), typeNoun(key.v.Type())))
	}
	if k.IsKnown() {
		f := k.AsBigFloat()
		n, accuracy := f.Int64()
		switch {
		case !f.IsInt():
			return c.misstep(o, rng, "Wrong index", "An index must be a whole number.")
		case n < 0:
			return c.misstep(o, rng, "Wrong index", "An index counts from 0. The last element is reverse(…)[0].")
		case t.IsTupleType() && (accuracy != 0 || n >= int64(t.Length())):
			return c.misstep(o, rng, "Wrong index", fmt.Sprintf("%s has %d elements, counted from 0.", pathOr(path, "This"), t.Length()))
		case t.IsTupleType():
			if o.v.IsKnown() {
				o.v = o.v.Index(k)
			} else {
				o.v = cty.UnknownVal(t.TupleElementType(int(n)))
			}
			return o.declared()
		case o.v.IsKnown():
			if n >= int64(o.v.LengthInt()) {
				return c.misstep(o, rng, "Wrong index", fmt.Sprintf("%s has %d elements, counted from 0.", pathOr(path, "This"), o.v.LengthInt()))
			}
			o.v = o.v.Index(k)
			return o
		}
	}
	if t.IsTupleType() {
		o.v = unknownOf(t.TupleElementTypes())
		return o
	}
	o.v = cty.UnknownVal(t.ElementType())
	return o.declared()
}

// unknownOf is an unknown that is one of several types.
func unknownOf(types []cty.Type) cty.Value {
	if len(types) == 0 {
		return cty.DynamicVal
	}
	for _, t := range types[1:] {
		if !t.Equals(types[0]) {
			return cty.DynamicVal
		}
	}
	return cty.UnknownVal(types[0])
}

func (c *Checker) indexed(e *hclsyntax.IndexExpr) operand {
	o, key := c.eval(e.Collection), c.eval(e.Key)
	if o.bad || key.bad {
		return o.with(key, cty.DynamicVal)
	}
	var path hcl.Traversal
	if t, ok := bare(e.Collection).(*hclsyntax.ScopeTraversalExpr); ok {
		path = t.Traversal
	}
	r := c.index(o, key, e.BracketRange, path)
	pure, loop := r.pure, r.loop
	r = r.with(key, r.v)
	r.pure, r.loop = pure, loop && guard.IsSequence(r.v.Type())
	r.from = o.from.index(key.v)
	return r
}

// misstep reports a step that can't be taken.
func (c *Checker) misstep(o operand, rng hcl.Range, summary, detail string) operand {
	c.report(rng, summary, detail)
	return o.wrong(cty.DynamicVal)
}

func pathOr(path hcl.Traversal, otherwise string) string {
	if path == nil {
		return otherwise
	}
	return terminal.Reference(path)
}

func sequenceRemedy(what string, t cty.Type, name string) string {
	kind := "a list"
	if t.IsSetType() {
		kind = "a set"
	}
	if !t.IsTupleType() && t.ElementType().IsObjectType() && !t.ElementType().HasAttribute(name) {
		return fmt.Sprintf("%s is %s, and its elements have no attribute %q.%s", what, kind, name, diagnostic.DidYouMean(name, attributeNames(t.ElementType())))
	}
	if t.IsSetType() {
		return fmt.Sprintf("%s is %s. Read the attribute of each element: %s[*].%s.", what, kind, what, name)
	}
	return fmt.Sprintf("%s is %s. Read the attribute of one element, %s[0].%s, or of each, %s[*].%s.", what, kind, what, name, what, name)
}

func attributeNames(t cty.Type) []string { return slices.Sorted(maps.Keys(t.AttributeTypes())) }

// unknownAttribute reports a name that an object does not have.
func (c *Checker) unknownAttribute(o operand, name string, rng hcl.Range, path hcl.Traversal) operand {
	var names []string
	if len(path) == 1 {
		names = c.namesBelow(path.RootName(), o.v.Type())
	} else {
		names = attributeNames(o.v.Type())
	}
	hint := diagnostic.DidYouMean(name, names)
	summary := "Unknown attribute"
	detail := fmt.Sprintf("%s has no attribute %q.", pathOr(path, "This object"), name)
	if len(path) == 1 {
		module, root := expression.SplitRoot(path.RootName())
		if noun, ok := rootNouns[root]; ok {
			summary = "Unknown " + noun
			detail = fmt.Sprintf("There is no %s %q.", noun, name)
			if module != "" {
				detail = fmt.Sprintf("Import %q has no %s %q.", module, noun, name)
			}
			if hint == "" {
				hint = c.inImport(root, name)
			}
		}
	}
	ofProbe := len(path) == 1 && language.RefRoot(path.RootName()) == language.RefResult // never more than a message takes
	if hint == "" && len(names) > 0 && (len(names) <= diagnostic.FewNames || ofProbe) {
		hint = " There is " + terminal.List(names) + "."
	}
	return c.misstep(o, rng, summary, detail+hint)
}

// inImport is a hint for a name that only an import has.
func (c *Checker) inImport(root language.RefRoot, name string) string {
	for _, other := range c.scope.roots() {
		module, r := expression.SplitRoot(other)
		if v, _, _ := c.scope.Lookup(other); module != "" && r == root && v.Type().IsObjectType() && v.Type().HasAttribute(name) {
			return diagnostic.Suggestion(expression.AddressOf(root, expression.Within(module, name)))
		}
	}
	return ""
}

// rootNouns is what stands below the roots whose names an author gives.
var rootNouns = map[language.RefRoot]string{
	language.RefVar:     "variable",
	language.RefLocal:   "local value",
	language.RefFact:    "fact",
	language.RefCheck:   "check",
	language.RefVantage: "vantage",
}

type namesKey struct {
	scope *Scope
	root  string
}

// namesBelow is what a root has, sorted. It is kept: a root may have ten
// thousand names, and there may be as many errors.
func (c *Checker) namesBelow(root string, t cty.Type) []string {
	key := namesKey{c.scope, root}
	if names, ok := c.names[key]; ok {
		return names
	}
	if c.names == nil {
		c.names = map[namesKey][]string{}
	}
	names := attributeNames(t)
	c.names[key] = names
	return names
}

// unknownRoot reports a reference that begins with nothing that is in scope.
func (c *Checker) unknownRoot(t hcl.Traversal, root hcl.TraverseRoot, reason string) operand {
	o := operand{v: cty.DynamicVal, refers: true, bad: true}
	if reason != "" {
		c.report(root.SrcRange, "Not available here", reason)
		return o
	}
	roots := c.scope.roots()
	for _, l := range c.locals {
		roots = append(roots, l.name)
	}
	hint := diagnostic.DidYouMean(root.Name, append(roots, "true", "false", "null"))
	if hint == "" {
		hint = c.missingRoot(root.Name)
	}
	if hint == "" && len(t) == 1 {
		hint = fmt.Sprintf(" A string stands in quotes: %q.", root.Name)
	}
	if hint == "" {
		hint = " References begin with " + terminal.List(roots) + "."
	}
	c.report(root.SrcRange, "Unknown name", fmt.Sprintf("There is no %q here.%s", root.Name, hint))
	return o
}

// missingRoot is a hint for a name that stands below a root.
func (c *Checker) missingRoot(name string) string {
	for _, root := range []language.RefRoot{language.RefResult, language.RefVar, language.RefLocal, language.RefFact, language.RefCheck} {
		v, ok, _ := c.scope.Lookup(string(root))
		if ok && v.Type().IsObjectType() && v.Type().HasAttribute(name) {
			return fmt.Sprintf(` Did you mean "%s.%s"?`, root, name)
		}
	}
	return ""
}
