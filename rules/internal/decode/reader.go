// Package decode reads the attributes of a block as its grammar has them: constants,
// expressions, texts, with an error at the place of each that is not.
package decode

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/syntax"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// A Decoder reads blocks as their grammar has them, and collects what is wrong.
type Decoder struct{ Diags hcl.Diagnostics }

// ErrorAt notes an error with a place.
func (d *Decoder) ErrorAt(rng hcl.Range, summary, format string, args ...any) {
	d.Diags = append(d.Diags, diagnostic.ErrorAt(rng, summary, format, args...))
}

// Constant evaluates an expression that may refer to nothing.
func (d *Decoder) Constant(name string, e hclsyntax.Expression) (cty.Value, bool) {
	if refs := expression.RefsOf(e); len(refs) > 0 {
		d.ErrorAt(refs[0].Traversal.SourceRange(), "Constant needed", "%s must be a constant: it is read before variables have values.", name)
		return cty.DynamicVal, false
	}
	val, diags := (&expression.Expr{Expression: e}).Value(nil)
	d.Diags = append(d.Diags, diags...)
	return val, !diags.HasErrors()
}

// Reader reads the attributes of one block.
type Reader struct {
	d     *Decoder
	typ   *language.BlockType
	Block *hclsyntax.Block
}

// Reader reads the attributes of a block.
func (d *Decoder) Reader(bt *language.BlockType, b *hclsyntax.Block) Reader { return Reader{d, bt, b} }

// Name is the block's label.
func (r Reader) Name() string { return syntax.Label(r.Block) }

// Expr is an attribute's expression, nil where it is left out.
func (r Reader) Expr(name string) *expression.Expr {
	attr := r.Block.Body.Attributes[name]
	if attr == nil {
		return nil
	}
	if r.typ.Attr(name).Form == language.FormText {
		return expression.NewText(attr.Expr)
	}
	return expression.New(attr.Expr)
}

// Literal is an attribute's constant value, NilVal where it is left out or
// null.
func (r Reader) Literal(name string) cty.Value {
	attr := r.Block.Body.Attributes[name]
	if attr == nil {
		return cty.NilVal
	}
	val, ok := r.d.Constant(name, attr.Expr)
	if !ok {
		return cty.NilVal
	}
	a := r.typ.Attr(name)
	conv, err := language.Convert(val, a.Type)
	if err != nil {
		r.d.ErrorAt(attr.Expr.Range(), "Wrong type", "%s must be %s: %s.", name, TypeName(a.Type), ErrorPath(err))
		return cty.NilVal
	}
	if conv.IsNull() {
		if a.Required {
			r.d.ErrorAt(attr.Expr.Range(), "Missing "+name, "%s must not be null.", name)
		}
		return cty.NilVal
	}
	if !conv.IsWhollyKnown() {
		return cty.NilVal // after a syntax error
	}
	if err := a.Validate(conv); err != nil {
		d := diagnostic.Invalid(name, err, attr.Expr.Range())
		if errors.Is(err, language.ErrCredentials) {
			d.Extra = diagnostic.Confidential{Extra: d.Extra}
		}
		r.d.Diags = append(r.d.Diags, d)
		return cty.NilVal
	}
	return conv
}

// Str is a constant string, "" where it is left out or null.
func (r Reader) Str(name string) string {
	if v := r.Literal(name); v != cty.NilVal {
		return v.AsString()
	}
	return ""
}

// Boolean is a constant, or otherwise where it is left out or null.
func (r Reader) Boolean(name string, otherwise bool) bool {
	if v := r.Literal(name); v != cty.NilVal {
		return v.True()
	}
	return otherwise
}

// Strs is a constant list of strings, nil where it is left out or null.
func (r Reader) Strs(name string) []string {
	v := r.Literal(name)
	if v == cty.NilVal {
		return nil
	}
	var words []string
	for _, el := range v.AsValueSlice() {
		if el.IsNull() {
			r.d.ErrorAt(r.Block.Body.Attributes[name].Expr.Range(), "Invalid "+name, "%s must not hold a null.", name)
			continue
		}
		words = append(words, el.AsString())
	}
	return words
}

// TypeName is a type with its article.
func TypeName(ty cty.Type) string {
	switch {
	case ty == cty.Bool:
		return "true or false"
	case ty == cty.List(cty.String):
		return "a list of strings"
	}
	return "a " + ty.FriendlyName()
}

// ErrorPath is an error of a conversion with the place within the value.
func ErrorPath(err error) string {
	if pathErr, ok := err.(cty.PathError); ok && len(pathErr.Path) > 0 {
		return fmt.Sprintf("%s: %s", formatPath(pathErr.Path), pathErr.Error())
	}
	return err.Error()
}

func formatPath(p cty.Path) string {
	var b strings.Builder
	for _, step := range p {
		switch s := step.(type) {
		case cty.GetAttrStep:
			b.WriteString("." + s.Name)
		case cty.IndexStep:
			if s.Key.Type() == cty.String {
				fmt.Fprintf(&b, "[%q]", s.Key.AsString())
			} else {
				fmt.Fprintf(&b, "[%s]", s.Key.AsBigFloat().Text('f', -1))
			}
		}
	}
	return b.String()
}

// Blocks are the blocks of a file that can be read.
func (d *Decoder) Blocks(s *syntax.Source, file *language.BlockType) hclsyntax.Blocks {
	for _, attr := range s.Body.Attributes {
		d.Diags = append(d.Diags, syntax.StrayAttr(file, attr))
	}
	return slices.DeleteFunc(slices.Clone(s.Body.Blocks), func(b *hclsyntax.Block) bool {
		bt := file.Block(b.Type)
		if bt == nil {
			d.Diags = append(d.Diags, syntax.StrayBlock(file, b))
			return true
		}
		d.Diags = append(d.Diags, syntax.CheckShape(bt, b)...)
		d.Diags = append(d.Diags, syntax.CheckComplete(bt, b)...)
		return len(b.Labels) != len(bt.Labels)
	})
}

// Again is the error of a second block of the same name.
func Again(what string, rng, first hcl.Range) *hcl.Diagnostic {
	d := diagnostic.ErrorAt(rng, "Duplicate "+what, "There is a %s of this name already, at %s. Give one of them another name, or leave it out.", what, diagnostic.Where(first))
	d.Extra = diagnostic.Related{{Note: "first defined here", Range: first}}
	return d
}

// RangeOf is the place of an attribute's value.
func (r Reader) RangeOf(name string) hcl.Range {
	if attr := r.Block.Body.Attributes[name]; attr != nil {
		return attr.Expr.Range()
	}
	return r.Block.DefRange()
}
