package typecheck

import (
	"encoding/binary"
	"math/big"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/zclconf/go-cty/cty"
)

// Big runbooks are made by programs, and their checks say the same things over
// and over. What was proved without an error is remembered by scope and form:
// the form is the expression tree written out, so that two expressions of one
// form mean the same wherever they stand and however they are spaced.

// maxForm bounds the forms that are remembered, in bytes.
const maxForm = 4096

// remember writes the form of e into c.key and reports whether it may be
// remembered.
func (c *Checker) remember(e *expression.Expr, s *Scope, m mode, want cty.Type) bool {
	if !want.IsPrimitiveType() && want != cty.DynamicPseudoType {
		return false
	}
	if c.scopeIDs == nil {
		c.scopeIDs = map[*Scope]uint64{}
	}
	id, ok := c.scopeIDs[s]
	if !ok {
		id = uint64(len(c.scopeIDs))
		c.scopeIDs[s] = id
	}
	f := form{buf: append(c.key[:0], byte(m), want.FriendlyName()[0])}
	f.buf = binary.AppendUvarint(f.buf, id)
	f.expr(e.Expression)
	c.key = f.buf
	return !f.odd && len(f.buf) <= maxForm
}

// A form is an expression tree written out without its places.
type form struct {
	buf []byte
	odd bool // something in it has no form
}

func (f *form) tag(b byte) { f.buf = append(f.buf, b) }

func (f *form) count(n int) { f.buf = binary.AppendUvarint(f.buf, uint64(n)) }

func (f *form) string(s string) {
	f.count(len(s))
	f.buf = append(f.buf, s...)
}

func (f *form) list(es []hclsyntax.Expression) {
	f.count(len(es))
	for _, e := range es {
		f.expr(e)
	}
}

func (f *form) optional(e hclsyntax.Expression) {
	if e == nil {
		f.tag('-')
		return
	}
	f.expr(e)
}

func (f *form) expr(e hclsyntax.Expression) {
	if f.odd || len(f.buf) > maxForm {
		return
	}
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		f.value(e.Val)
	case *hclsyntax.ScopeTraversalExpr:
		f.tag('t')
		f.traversal(e.Traversal)
	case *hclsyntax.RelativeTraversalExpr:
		f.tag('r')
		f.expr(e.Source)
		f.traversal(e.Traversal)
	case *hclsyntax.IndexExpr:
		f.tag('i')
		f.expr(e.Collection)
		f.expr(e.Key)
	case *hclsyntax.ParenthesesExpr:
		f.expr(e.Expression)
	case *hclsyntax.TemplateWrapExpr:
		f.expr(e.Wrapped)
	case *expression.TextPart:
		f.tag('p')
		f.expr(e.Expression)
	case *hclsyntax.BinaryOpExpr:
		f.tag('b')
		f.operation(e.Op)
		f.expr(e.LHS)
		f.expr(e.RHS)
	case *hclsyntax.UnaryOpExpr:
		f.tag('u')
		f.operation(e.Op)
		f.expr(e.Val)
	case *hclsyntax.ConditionalExpr:
		f.tag('?')
		f.expr(e.Condition)
		f.expr(e.TrueResult)
		f.expr(e.FalseResult)
	case *hclsyntax.FunctionCallExpr:
		f.tag('f')
		f.string(e.Name)
		if e.ExpandFinal {
			f.tag('.')
		}
		f.list(e.Args)
	case *hclsyntax.TemplateExpr:
		f.tag('"')
		f.list(e.Parts)
	case *hclsyntax.TupleConsExpr:
		f.tag('[')
		f.list(e.Exprs)
	case *hclsyntax.ObjectConsExpr:
		f.tag('{')
		f.count(len(e.Items))
		for i := range e.Items {
			f.expr(e.Items[i].KeyExpr)
			f.expr(e.Items[i].ValueExpr)
		}
	case *hclsyntax.ObjectConsKeyExpr:
		f.tag('k')
		if e.ForceNonLiteral {
			f.tag('(')
		}
		f.expr(e.Wrapped)
	case *hclsyntax.SplatExpr:
		f.tag('*')
		f.expr(e.Source)
		f.expr(e.Each)
	case *hclsyntax.AnonSymbolExpr:
		f.tag('@')
	case *hclsyntax.ForExpr:
		f.tag('o')
		f.string(e.KeyVar)
		f.string(e.ValVar)
		if e.Group {
			f.tag('.')
		}
		f.expr(e.CollExpr)
		f.optional(e.KeyExpr)
		f.expr(e.ValExpr)
		f.optional(e.CondExpr)
	case *hclsyntax.TemplateJoinExpr:
		f.tag('j')
		f.expr(e.Tuple)
	default:
		f.odd = true
	}
}

func (f *form) traversal(t hcl.Traversal) {
	f.count(len(t))
	for _, step := range t {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			f.string(s.Name)
		case hcl.TraverseAttr:
			f.tag('.')
			f.string(s.Name)
		case hcl.TraverseIndex:
			f.value(s.Key)
		default:
			f.odd = true
		}
	}
}

func (f *form) value(v cty.Value) {
	switch t := v.Type(); {
	case v.IsMarked(), !v.IsKnown():
		f.odd = true
	case v.IsNull():
		f.tag('0')
	case t == cty.String:
		f.tag('s')
		f.string(v.AsString())
	case t == cty.Bool && v.True():
		f.tag('T')
	case t == cty.Bool:
		f.tag('F')
	case t == cty.Number:
		f.number(v.AsBigFloat())
	default:
		f.odd = true
	}
}

func (f *form) number(n *big.Float) {
	if i, acc := n.Int64(); acc == big.Exact {
		f.tag('d')
		f.buf = binary.AppendVarint(f.buf, i)
		return
	}
	f.tag('n')
	f.string(n.Text('p', 0))
}

func (f *form) operation(op *hclsyntax.Operation) {
	for i, o := range operations {
		if o == op {
			f.tag(byte('A' + i))
			return
		}
	}
	f.odd = true
}

var operations = [...]*hclsyntax.Operation{
	hclsyntax.OpLogicalAnd, hclsyntax.OpLogicalOr, hclsyntax.OpLogicalNot,
	hclsyntax.OpEqual, hclsyntax.OpNotEqual,
	hclsyntax.OpLessThan, hclsyntax.OpLessThanOrEqual, hclsyntax.OpGreaterThan, hclsyntax.OpGreaterThanOrEqual,
	hclsyntax.OpAdd, hclsyntax.OpSubtract, hclsyntax.OpMultiply, hclsyntax.OpDivide, hclsyntax.OpModulo, hclsyntax.OpNegate,
}
