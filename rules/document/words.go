package document

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// mostTerms bounds what is still simpler in words than as an expression.
const mostTerms = 6

// say puts a condition into words, where that is simple enough to be of use.
// What a site's values decide is left out.
func (r *reader) say(e hclsyntax.Expression) (Text, bool) {
	e = unwrapped(e)
	switch e := e.(type) {
	case *hclsyntax.BinaryOpExpr:
		switch e.Op {
		case hclsyntax.OpLogicalAnd:
			return r.sayAll(e, hclsyntax.OpLogicalAnd, "", " and ")
		case hclsyntax.OpLogicalOr:
			return r.sayAll(e, hclsyntax.OpLogicalOr, "either ", " or ")
		}
		return r.compare(e)
	case *hclsyntax.UnaryOpExpr:
		if e.Op == hclsyntax.OpLogicalNot {
			return r.sayNot(e.Val)
		}
	case *hclsyntax.FunctionCallExpr:
		return r.call(e, false)
	case *hclsyntax.ScopeTraversalExpr:
		return joined(r.traversal(e), plain(" is true")), true
	case *hclsyntax.ConditionalExpr:
		condition, ok := r.say(e.Condition)
		yes, ok2 := r.say(e.TrueResult)
		no, ok3 := r.say(e.FalseResult)
		return joined(plain("if "), condition, plain(": "), yes, plain("; else: "), no), ok && ok2 && ok3
	}
	return nil, false
}

// decided is whether a condition's outcome is known.
func (r *reader) decided(e hclsyntax.Expression) (holds, known bool) {
	v, ok := r.known(e)
	if !ok || v.ContainsMarked() || v.IsNull() || v.Type() != cty.Bool {
		return false, false
	}
	return v.True(), true
}

// terms are the operands of a chain of one operator.
func terms(e hclsyntax.Expression, op *hclsyntax.Operation) []hclsyntax.Expression {
	if b, ok := unwrapped(e).(*hclsyntax.BinaryOpExpr); ok && b.Op == op {
		return append(terms(b.LHS, op), terms(b.RHS, op)...)
	}
	return []hclsyntax.Expression{e}
}

func (r *reader) sayAll(e hclsyntax.Expression, op *hclsyntax.Operation, first, last string) (Text, bool) {
	var said []Text
	for _, term := range terms(e, op) {
		// true in an "and" and false in an "or" say nothing.
		if holds, known := r.decided(term); known && holds == (op == hclsyntax.OpLogicalAnd) {
			continue
		}
		t, ok := r.say(term)
		if !ok {
			return nil, false
		}
		if b, chain := unwrapped(term).(*hclsyntax.BinaryOpExpr); chain && b.Op == hclsyntax.OpLogicalAnd {
			t = joined(plain("("), t, plain(")"))
		}
		said = append(said, t)
	}
	switch {
	case len(said) > mostTerms || len(said) == 0:
		return nil, false
	case len(said) == 1:
		return said[0], true
	case len(said) > 2:
		last = "," + last
	}
	return joined(plain(first), listed(said, last)), true
}

var comparisons = map[*hclsyntax.Operation]string{
	hclsyntax.OpGreaterThan:        " is more than ",
	hclsyntax.OpGreaterThanOrEqual: " is at least ",
	hclsyntax.OpLessThan:           " is less than ",
	hclsyntax.OpLessThanOrEqual:    " is at most ",
	hclsyntax.OpEqual:              " is ",
	hclsyntax.OpNotEqual:           " is not ",
}

func (r *reader) compare(e *hclsyntax.BinaryOpExpr) (Text, bool) {
	words, ok := comparisons[e.Op]
	if !ok {
		return nil, false
	}
	equal, unequal := e.Op == hclsyntax.OpEqual, e.Op == hclsyntax.OpNotEqual
	left, ok := r.operand(e.LHS)
	if !ok {
		return nil, false
	}
	switch {
	case equal && isNull(unwrapped(e.RHS)):
		return joined(left, plain(" has no value")), true
	case unequal && isNull(unwrapped(e.RHS)):
		return joined(left, plain(" has a value")), true
	}
	right, ok := r.operand(e.RHS)
	if !ok {
		return nil, false
	}
	return joined(left, plain(words), right), true
}

func (r *reader) sayNot(e hclsyntax.Expression) (Text, bool) {
	switch e := unwrapped(e).(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return joined(r.traversal(e), plain(" is false")), true
	case *hclsyntax.FunctionCallExpr:
		return r.call(e, true)
	}
	return nil, false
}

// calls are functions of two operands that can be said, and their negation.
var calls = map[string][2]string{
	"sameip":      {" is the address ", " is not the address "},
	"strcontains": {" contains ", " does not contain "},
	"startswith":  {" begins with ", " does not begin with "},
	"endswith":    {" ends with ", " does not end with "},
	"cidrcontains": {
		" contains ", " does not contain ",
	},
}

func (r *reader) call(e *hclsyntax.FunctionCallExpr, not bool) (Text, bool) {
	which := 0
	if not {
		which = 1
	}
	switch {
	case calls[e.Name] != [2]string{} && len(e.Args) == 2:
		left, ok := r.operand(e.Args[0])
		right, ok2 := r.operand(e.Args[1])
		return joined(left, plain(calls[e.Name][which]), right), ok && ok2
	case e.Name == "contains" && len(e.Args) == 2:
		list, ok := r.operand(e.Args[0])
		el, ok2 := r.operand(e.Args[1])
		return joined(el, plain([2]string{" is one of ", " is none of "}[which]), list), ok && ok2
	case e.Name == "anytrue" && len(e.Args) == 1:
		return r.quantified(e.Args[0], [2]string{"for at least one ", "for no "}[which])
	case e.Name == "alltrue" && len(e.Args) == 1 && !not:
		return r.quantified(e.Args[0], "for every ")
	}
	return nil, false
}

// quantified is a condition on the elements of a list.
func (r *reader) quantified(e hclsyntax.Expression, words string) (Text, bool) {
	loop, ok := unwrapped(e).(*hclsyntax.ForExpr)
	if !ok || loop.KeyVar != "" || loop.CondExpr != nil {
		return nil, false
	}
	list, ok := r.operand(loop.CollExpr)
	if !ok {
		return nil, false
	}
	condition, ok := r.say(loop.ValExpr)
	return joined(plain(words), mono(loop.ValVar), plain(" of "), list, plain(", "), condition), ok
}

// operand is what is compared.
func (r *reader) operand(e hclsyntax.Expression) (Text, bool) {
	if v, ok := r.known(e); ok {
		t := Text{{Text: terminal.Value(v), Style: Value}}
		if len(hclsyntax.Variables(unwrapped(e))) == 0 {
			t[0].Style = Plain // the same at every site
		}
		return t, true
	}
	switch e := unwrapped(e).(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return r.traversal(e), true
	case *hclsyntax.FunctionCallExpr:
		switch {
		case e.Name == "length" && len(e.Args) == 1:
			t, ok := r.operand(e.Args[0])
			return joined(plain("the number of "), t), ok
		case e.Name == "setintersection" && len(e.Args) == 2:
			a, ok := r.operand(e.Args[0])
			b, ok2 := r.operand(e.Args[1])
			return joined(plain("what "), a, plain(" and "), b, plain(" have in common")), ok && ok2
		}
	}
	return nil, false
}

func (r *reader) traversal(e *hclsyntax.ScopeTraversalExpr) Text {
	if e.Traversal.RootName() == string(language.RefTarget) && r.aim != nil {
		return mono(r.name(e))
	}
	return mono(terminal.Reference(e.Traversal))
}

// condition is a condition as lines: in words where that helps, and as written.
func (r *reader) condition(e hclsyntax.Expression) []Text {
	var lines []Text
	if words, ok := r.say(e); ok {
		lines = append(lines, words)
	}
	return append(lines, mono(r.rb.Written(unwrappedOnce(e))))
}

// unwrappedOnce is an expression without ${ and } around it.
func unwrappedOnce(e hclsyntax.Expression) hclsyntax.Expression {
	if x, ok := e.(*expression.Expr); ok {
		e = x.Expression
	}
	if w, ok := e.(*hclsyntax.TemplateWrapExpr); ok {
		return w.Wrapped
	}
	return e
}
