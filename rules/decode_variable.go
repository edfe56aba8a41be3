package rules

import (
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

func (d *decoder) variable(r reader, overlay string) *Variable {
	v := &Variable{
		Name:        r.name(),
		Type:        cty.DynamicPseudoType,
		Nullable:    r.boolean("nullable", true),
		Sensitive:   r.boolean("sensitive", false),
		Description: r.str("description"),
		Overlay:     overlay,
		DeclRange:   r.block.DefRange(),
	}
	if attr := r.block.Body.Attributes["type"]; attr != nil && !isPlaceholder(attr.Expr) {
		ty, defaults, diags := typeexpr.TypeConstraintWithDefaults(attr.Expr)
		d.diags = append(d.diags, diags...)
		v.Type, v.defaults = ty, defaults
		if diags.HasErrors() {
			v.Type = cty.DynamicPseudoType
		}
	}
	if attr := r.block.Body.Attributes["default"]; attr != nil {
		v.Default, v.defaultRange = d.variableDefault(v, attr), attr.Expr.Range()
	}
	for _, b := range r.block.Body.Blocks {
		if bt := VariableBlock.Block(b.Type); bt != nil {
			n := d.reader(bt, b)
			v.Validations = append(v.Validations, &Validation{Condition: n.expr("condition"), ErrorMessage: n.expr("error_message"), DeclRange: b.DefRange()})
		}
	}
	return v
}

func (d *decoder) variableDefault(v *Variable, attr *hclsyntax.Attribute) cty.Value {
	val, ok := d.constant(attr.Name, attr.Expr)
	if !ok {
		return cty.NullVal(v.Type)
	}
	if val.IsNull() && !v.Nullable {
		d.errorAt(attr.Expr.Range(), "Invalid default", "The default is null, but nullable = false says that this variable is never null.")
		return cty.NullVal(v.Type)
	}
	val, err := v.convert(val)
	if err != nil {
		d.errorAt(attr.Expr.Range(), "Invalid default", "The default of variable %q does not fit its type: %s.", v.Name, errorPath(err))
		return cty.NullVal(v.Type)
	}
	return val
}
