package guard

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// Functions and operators panic where cty did not think of an argument: log(0, 0),
// infinity less infinity. cty makes errors of that, whose text is the panic with
// Go's stack, and hcl puts the text into a diagnostic at the call's place. What
// every expression is evaluated by, Evaluate, passes its diagnostics through
// here, and the checker its errors.

// panicMark is what the text of a function.PanicError begins with. Of an operator
// hcl hands on nothing but that text.
const panicMark = "panic in function implementation: "

// withoutStacks takes panics out of what diagnostics say.
func withoutStacks(diags hcl.Diagnostics) hcl.Diagnostics {
	for _, d := range diags {
		if before, panicked, broke := strings.Cut(d.Detail, panicMark); broke {
			d.Detail = before + panicText(panicked) + "."
		}
	}
	return diags
}

// CallError is an error of a function without the stack of a panic.
func CallError(err error) error {
	var broke function.PanicError
	if errors.As(err, &broke) {
		return errors.New(panicText(broke.Value))
	}
	return err
}

// panicText says what a panic means to whoever wrote the expression. It does not
// quote it: its words are Go's, and may hold any value, a sensitive one too.
func panicText(panicked any) string {
	text, _, _ := strings.Cut(fmt.Sprint(panicked), "\n")
	if strings.Contains(text, "NaN") || strings.Contains(text, "infinit") { // as a big.ErrNaN has it
		return "no number is the result of that"
	}
	return "it can't be evaluated with these values"
}

// Evaluate evaluates e and turns a panic into an error.
func Evaluate(e hclsyntax.Expression, ctx *hcl.EvalContext) (v cty.Value, diags hcl.Diagnostics) {
	defer func() {
		if r := recover(); r != nil {
			v, diags = cty.DynamicVal, hcl.Diagnostics{PanicDiagnostic(e, ctx, r)}
		}
	}()
	v, diags = e.Value(ctx)
	return v, withoutStacks(diags)
}

// PanicDiagnostic is the error of an expression that broke by a panic.
func PanicDiagnostic(e hclsyntax.Expression, ctx *hcl.EvalContext, r any) *hcl.Diagnostic {
	rng := e.Range()
	return &hcl.Diagnostic{
		Severity:    hcl.DiagError,
		Summary:     "Expression broke",
		Detail:      fmt.Sprintf("This expression breaks: %s.", panicText(r)),
		Subject:     &rng,
		Expression:  e,
		EvalContext: ctx,
	}
}
