package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A blockDecoder reads blocks as their grammar has them, and collects what is wrong.
type blockDecoder struct{ diags hcl.Diagnostics }

func (d *blockDecoder) errorAt(rng hcl.Range, summary, format string, args ...any) {
	d.diags = append(d.diags, errorAt(rng, summary, format, args...))
}

// constant evaluates an expression that may refer to nothing.
func (d *blockDecoder) constant(name string, e hclsyntax.Expression) (cty.Value, bool) {
	if refs := refsOf(e); len(refs) > 0 {
		d.errorAt(refs[0].Traversal.SourceRange(), "Constant needed", "%s must be a constant: it is read before variables have values.", name)
		return cty.DynamicVal, false
	}
	val, diags := (&Expr{Expression: e}).Value(nil)
	d.diags = append(d.diags, diags...)
	return val, !diags.HasErrors()
}

// reader reads the attributes of one block.
type reader struct {
	d     *blockDecoder
	typ   *BlockType
	block *hclsyntax.Block
}

func (d *blockDecoder) reader(bt *BlockType, b *hclsyntax.Block) reader { return reader{d, bt, b} }

func (r reader) name() string { return label(r.block) }

// expr is an attribute's expression, nil where it is left out.
func (r reader) expr(name string) *Expr {
	attr := r.block.Body.Attributes[name]
	if attr == nil {
		return nil
	}
	if r.typ.Attr(name).Form == FormText {
		return newText(attr.Expr)
	}
	return newExpr(attr.Expr)
}

// literal is an attribute's constant value, NilVal where it is left out or
// null.
func (r reader) literal(name string) cty.Value {
	attr := r.block.Body.Attributes[name]
	if attr == nil {
		return cty.NilVal
	}
	val, ok := r.d.constant(name, attr.Expr)
	if !ok {
		return cty.NilVal
	}
	a := r.typ.Attr(name)
	conv, err := Convert(val, a.Type)
	if err != nil {
		r.d.errorAt(attr.Expr.Range(), "Wrong type", "%s must be %s: %s.", name, typeName(a.Type), errorPath(err))
		return cty.NilVal
	}
	if conv.IsNull() {
		if a.Required {
			r.d.errorAt(attr.Expr.Range(), "Missing "+name, "%s must not be null.", name)
		}
		return cty.NilVal
	}
	if !conv.IsWhollyKnown() {
		return cty.NilVal // after a syntax error
	}
	if err := a.Validate(conv); err != nil {
		d := invalid(name, err, attr.Expr.Range())
		if errors.Is(err, errCredentials) {
			d.Extra = Confidential{d.Extra}
		}
		r.d.diags = append(r.d.diags, d)
		return cty.NilVal
	}
	return conv
}

func (r reader) str(name string) string {
	if v := r.literal(name); v != cty.NilVal {
		return v.AsString()
	}
	return ""
}

func (r reader) boolean(name string, otherwise bool) bool {
	if v := r.literal(name); v != cty.NilVal {
		return v.True()
	}
	return otherwise
}

func (r reader) strs(name string) []string {
	v := r.literal(name)
	if v == cty.NilVal {
		return nil
	}
	var words []string
	for _, el := range v.AsValueSlice() {
		if el.IsNull() {
			r.d.errorAt(r.block.Body.Attributes[name].Expr.Range(), "Invalid "+name, "%s must not hold a null.", name)
			continue
		}
		words = append(words, el.AsString())
	}
	return words
}

// typeName is a type with its article.
func typeName(ty cty.Type) string {
	switch {
	case ty == cty.Bool:
		return "true or false"
	case ty == cty.List(cty.String):
		return "a list of strings"
	}
	return "a " + ty.FriendlyName()
}

// errorPath is an error of a conversion with the place within the value.
func errorPath(err error) string {
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

// blocks are the blocks of a file that can be read.
func (d *blockDecoder) blocks(s *source, file *BlockType) hclsyntax.Blocks {
	for _, attr := range s.body.Attributes {
		d.diags = append(d.diags, strayAttr(file, attr))
	}
	return slices.DeleteFunc(slices.Clone(s.body.Blocks), func(b *hclsyntax.Block) bool {
		bt := file.Block(b.Type)
		if bt == nil {
			d.diags = append(d.diags, strayBlock(file, b))
			return true
		}
		d.diags = append(d.diags, checkShape(bt, b)...)
		d.diags = append(d.diags, checkComplete(bt, b)...)
		return len(b.Labels) != len(bt.Labels)
	})
}

// again is the error of a second block of the same name.
func again(what string, rng, first hcl.Range) *hcl.Diagnostic {
	d := errorAt(rng, "Duplicate "+what, "There is a %s of this name already, at %s. Give one of them another name, or leave it out.", what, place(first))
	d.Extra = Related{{Note: "first defined here", Range: first}}
	return d
}

// rangeOf is the place of an attribute's value.
func (r reader) rangeOf(name string) hcl.Range {
	if attr := r.block.Body.Attributes[name]; attr != nil {
		return attr.Expr.Range()
	}
	return r.block.DefRange()
}
