package rules

import (
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/internal/decode"
	"github.com/linecheck/linecheck/rules/internal/syntax"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

func (d *decoder) variable(r decode.Reader, overlay string) *Variable {
	v := &Variable{
		Name:        r.Name(),
		Type:        cty.DynamicPseudoType,
		Nullable:    r.Boolean("nullable", true),
		Sensitive:   r.Boolean("sensitive", false),
		Description: r.Str("description"),
		Overlay:     overlay,
		DeclRange:   r.Block.DefRange(),
	}
	if attr := r.Block.Body.Attributes["type"]; attr != nil && !syntax.IsPlaceholder(attr.Expr) {
		ty, defaults, diags := typeexpr.TypeConstraintWithDefaults(attr.Expr)
		d.Diags = append(d.Diags, diags...)
		v.Type, v.defaults = ty, defaults
		if diags.HasErrors() {
			v.Type = cty.DynamicPseudoType
		}
	}
	if attr := r.Block.Body.Attributes["default"]; attr != nil {
		v.Default, v.defaultRange = d.variableDefault(v, attr), attr.Expr.Range()
	}
	for _, b := range r.Block.Body.Blocks {
		if bt := language.VariableBlock.Block(b.Type); bt != nil {
			n := d.Reader(bt, b)
			v.Validations = append(v.Validations, &Validation{Condition: n.Expr("condition"), ErrorMessage: n.Expr("error_message"), DeclRange: b.DefRange()})
		}
	}
	return v
}

func (d *decoder) variableDefault(v *Variable, attr *hclsyntax.Attribute) cty.Value {
	val, ok := d.Constant(attr.Name, attr.Expr)
	if !ok {
		return cty.NullVal(v.Type)
	}
	if val.IsNull() && !v.Nullable {
		d.ErrorAt(attr.Expr.Range(), "Invalid default", "The default is null, but nullable = false says that this variable is never null.")
		return cty.NullVal(v.Type)
	}
	val, err := v.convert(val)
	if err != nil {
		d.ErrorAt(attr.Expr.Range(), "Invalid default", "The default of variable %q does not fit its type: %s.", v.Name, decode.ErrorPath(err))
		return cty.NullVal(v.Type)
	}
	return val
}
