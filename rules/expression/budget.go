package expression

import (
	"errors"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// MaxSteps is what evaluating the expressions of one check may cost. A step is a
// part of an expression evaluated in a loop, an element of a value that is made
// or looked through, or 8 bytes of a text. It is about a second of a processor's time
// and 300 MB at worst; the shipped runbook takes some hundreds.
const MaxSteps = guard.MaxSteps

// MaxPlanSteps is the same for everything that one site's plan evaluates before
// it runs: locals, arguments of imports, instances, targets.
const MaxPlanSteps = 4 * guard.MaxSteps

const (
	// clockSteps pass until the time is looked at again, less than a
	// millisecond's work.
	clockSteps = 1 << 12
	// diagnosticSteps are what a diagnostic costs.
	diagnosticSteps = 16
)

// A Budget bounds what evaluating expressions may cost in time and memory. It
// is charged in loops, and before anything large is made. It is for one
// goroutine at a time.
type Budget struct {
	most  int64           // steps, to begin with
	left  int64           // steps
	clock int64           // what is left when the time is looked at next
	done  <-chan struct{} // closed when nobody wants the values any more
	// patience is how long evaluating may go on once it is no longer short; 0 for
	// as long as it takes. until is when that is over, once it has begun.
	patience time.Duration
	until    time.Time
	over     *hcl.Diagnostic // once it is used up
}

// NewBudget is a budget of so many steps.
func NewBudget(steps int64) *Budget {
	b := &Budget{}
	b.Begin(steps, nil, 0)
	return b
}

// Begin begins anew with so many steps. Evaluating ends as well when done is
// closed, and when it has gone on for longer than patience; nil and 0 are no
// bounds.
func (b *Budget) Begin(steps int64, done <-chan struct{}, patience time.Duration) {
	*b = Budget{most: steps, left: steps, clock: steps - clockSteps, done: done, patience: patience}
}

// errOverBudget is what unwinds an evaluation whose budget is used up.
type errOverBudget struct{}

func (errOverBudget) Error() string { return "it takes too much to evaluate" }

// Spend takes off steps for work that is not an expression's. Once there are not
// enough it says so.
func (b *Budget) Spend(steps int64, at hcl.Range) *hcl.Diagnostic {
	if b.over == nil {
		b.subtract(steps, at)
	}
	return b.over
}

// SpendValue takes off what a value costs that is kept, as a local is: whoever
// refers to it may copy or write out all of it.
func (b *Budget) SpendValue(v cty.Value, at hcl.Range) *hcl.Diagnostic {
	return b.Spend(guard.Steps(v, b.left), at)
}

// charge takes steps off for what is evaluated at a place. It panics with
// errOverBudget when none are left, or the time is up.
func (b *Budget) charge(steps int64, at hcl.Range) {
	if b.Spend(steps, at) != nil {
		panic(errOverBudget{})
	}
}

func (b *Budget) subtract(steps int64, at hcl.Range) {
	if b.left -= steps; b.left < 0 {
		b.over = OverBudget(at, b.most)
	} else if b.left <= b.clock {
		b.clock = b.left - clockSteps
		b.lookAtClock(at)
	}
}

func (b *Budget) lookAtClock(at hcl.Range) {
	select {
	case <-b.done:
		b.refuse(at, "Evaluating this was ended with the run.")
	default:
		switch now := time.Now(); {
		case b.patience == 0:
		case b.until.IsZero():
			b.until = now.Add(b.patience)
		case now.After(b.until):
			b.refuse(at, "Evaluating this did not end in the time of its check. Look at fewer elements at a time, or put less into one value.")
		}
	}
}

func (b *Budget) refuse(at hcl.Range, detail string) {
	b.over = diagnostic.ErrorAt(at, "Expression takes too much", "%s", detail)
}

// OverBudget says that evaluating what stands at a place takes too many steps.
func OverBudget(at hcl.Range, most int64) *hcl.Diagnostic {
	return diagnostic.ErrorAt(at, "Expression takes too much", "Evaluating this, and what is evaluated together with it, takes more than %d steps: parts of an expression in a loop, elements of a value, or %d bytes of a text each. Look at fewer elements at a time, or put less into one value.", most, guard.StepBytes)
}

// chargeValue charges for a value that an expression refers to or has made.
// What is small is free.
func (b *Budget) chargeValue(v cty.Value, at hcl.Range) {
	if steps := guard.Steps(v, b.left); steps > guard.FreeSteps {
		b.charge(steps, at)
	}
}

// chargeUnified charges for finding the common type of a value's elements, which
// convert.Unify does by comparing each with each.
func (b *Budget) chargeUnified(v cty.Value, at hcl.Range) {
	if ty := v.Type(); ty.IsTupleType() || ty.IsObjectType() {
		if steps := guard.UnifySteps(v, b.left); steps > guard.FreeSteps {
			b.charge(steps, at)
		}
	}
}

// chargeDiagnostics charges for what is wrong: a loop collects it from all its
// rounds. A call that was not made for what it would take ends the evaluation,
// so that no try goes on without it.
func (b *Budget) chargeDiagnostics(diags hcl.Diagnostics, at hcl.Range) {
	for _, d := range diags {
		var tooMuch language.TooMuchError
		if call, is := hcl.DiagnosticExtra[hclsyntax.FunctionCallDiagExtra](d); is && errors.As(call.FunctionCallError(), &tooMuch) {
			b.refuse(at, call.CalledFunctionName()+" can't be called so: "+tooMuch.Error()+".")
		}
	}
	b.charge(diagnosticSteps*int64(len(diags)), at)
}
