package rules

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/decode"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// A Binding is what surrounds a variable that is bound to a value.
type Binding struct {
	// All gives the other variables, which a validation may refer to; it may be
	// asked for any of the runbook, and answers with an unknown where it does not
	// know.
	All    func(name string) cty.Value
	Range  hcl.Range          // where the value stands
	Budget *expression.Budget // of the validations; nil for one of their own
}

// Bind makes value the variable's: converted to its type, a null replaced by
// the default where the variable is not nullable, marked where it is
// sensitive, and held against the validations.
func (v *Variable) Bind(value cty.Value, in Binding) (cty.Value, hcl.Diagnostics) {
	if in.Budget == nil {
		in.Budget = expression.NewBudget(guard.MaxSteps)
	}
	bound, err := v.convert(value)
	if err != nil {
		return cty.UnknownVal(v.Type), hcl.Diagnostics{v.keep(v.misfit(in.Range, err))}
	}
	if bound.IsNull() && !v.Nullable {
		if v.Default == cty.NilVal {
			return cty.UnknownVal(v.Type), hcl.Diagnostics{diagnostic.ErrorAt(in.Range, "Invalid value", "Variable %q must not be null.", expression.OwnName(v.Name))}
		}
		bound = v.Default
	}
	if v.Sensitive {
		bound = bound.Mark(language.Sensitive)
	}
	var diags hcl.Diagnostics
	for _, check := range v.Validations {
		diags = append(diags, v.validate(check, bound, in)...)
	}
	return bound, diags
}

func (v *Variable) convert(value cty.Value) (cty.Value, error) {
	if v.defaults != nil && !value.IsNull() {
		value = v.defaults.Apply(value)
	}
	return language.Convert(value, v.Type)
}

func (v *Variable) validate(check *Validation, bound cty.Value, in Binding) hcl.Diagnostics {
	if check.Condition == nil {
		return nil // said when loading
	}
	vars := map[string]cty.Value{expression.OwnName(v.Name): bound}
	for _, e := range []*expression.Expr{check.Condition, check.ErrorMessage} {
		if e == nil {
			continue
		}
		for _, ref := range e.Refs {
			if _, have := vars[expression.OwnName(ref.Name)]; !have && ref.Root == language.RefVar {
				vars[expression.OwnName(ref.Name)] = in.All(ref.Name)
			}
		}
	}
	ctx := &hcl.EvalContext{
		Variables: map[string]cty.Value{expression.RootOf(language.RefVar, v.Name): cty.ObjectVal(vars)},
		Functions: language.FunctionTable(),
	}
	holds, diags := check.Condition.ValueWithin(ctx, in.Budget)
	if diags.HasErrors() {
		return diags
	}
	holds, _ = holds.Unmark()
	switch {
	case !holds.IsKnown() && holds.Type() == cty.Bool, holds.Type() == cty.DynamicPseudoType && !holds.IsKnown():
		return nil // depends on a value that is not known yet
	case holds.IsNull() || holds.Type() != cty.Bool:
		return hcl.Diagnostics{diagnostic.ErrorAt(check.Condition.Range(), "Validation broke", "This condition of variable %q is neither true nor false.", expression.OwnName(v.Name))}
	case holds.True():
		return nil
	}
	message := "The value does not meet a condition of the variable."
	if check.ErrorMessage != nil {
		message, _ = check.ErrorMessage.TextWithin(ctx, in.Budget)
	}
	d := diagnostic.ErrorAt(in.Range, "Invalid value", "Variable %q: %s", expression.OwnName(v.Name), strings.TrimSpace(message))
	d.Extra = diagnostic.Related{{Note: "this condition is not met", Range: check.DeclRange}}
	return hcl.Diagnostics{v.keep(d)}
}

// misfit is the error of a value at rng that can't be converted.
func (v *Variable) misfit(rng hcl.Range, err error) *hcl.Diagnostic {
	return diagnostic.ErrorAt(rng, "Invalid value", "This value does not fit variable %q: %s.", expression.OwnName(v.Name), decode.ErrorPath(err))
}

// Required reports whether a value must be given.
func (v *Variable) Required() bool { return v.Default == cty.NilVal }

// HowToSet says how a person gives the variable a value.
func (v *Variable) HowToSet() string {
	if module := expression.Module(v.Name); module != "" {
		return fmt.Sprintf("Give it in the block import %q: %s = ….", module, expression.OwnName(v.Name))
	}
	return fmt.Sprintf("Set it in the site's profile (vars = { %s = … }), with --var %s=…, or in the environment as LINECHECK_VAR_%s.", v.Name, v.Name, v.Name)
}

// unknown is a value of the variable of which nothing but its type is known.
// Nothing is known of one that is missing, which was said when loading.
func (v *Variable) unknown() cty.Value {
	if v == nil {
		return cty.DynamicVal
	}
	u := cty.UnknownVal(v.Type)
	if !v.Nullable && v.Type != cty.DynamicPseudoType {
		u = u.RefineNotNull()
	}
	return u
}
