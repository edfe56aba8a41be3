package engine

import (
	"maps"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// A common is what the plans of one runbook have in common: worked out once, and
// only read after that. Of a plan of the shipped runbook it is half (61 of
// 117 kB).
type common struct {
	refused hcl.Diagnostics // of the runbook
	args    map[*rules.ProbeBlock]*arguments
	// problems are the errors in arguments that refer to nothing.
	problems map[*rules.ProbeBlock]hcl.Diagnostics
}

// arguments are those of a probe block, as far as they are the same whatever
// the values and whatever was observed.
type arguments struct {
	kind   *kind
	fixed  map[string]cty.Value // every argument of the kind, defaults filled in
	varied []rules.ProbeArg     // given by expressions that refer to something
}

// A kind is a probe kind with what would else be computed again and again.
type kind struct {
	*language.Kind
	defaults map[string]cty.Value // the arguments where none is given
	unknown  cty.Value            // a result of which nothing was observed
	result   cty.Type
}

func newCommon(rb *rules.Runbook) *common {
	co := &common{refused: rb.Refused()}
	if co.refused.HasErrors() {
		return co
	}
	co.args = make(map[*rules.ProbeBlock]*arguments, len(rb.Facts)+len(rb.Checks))
	co.problems = map[*rules.ProbeBlock]hcl.Diagnostics{}
	kinds := map[*language.Kind]*kind{}
	budget := expression.NewBudget(expression.MaxPlanSteps)
	fix := func(block *rules.ProbeBlock) {
		k := kinds[block.Kind]
		if k == nil {
			k = newKind(block.Kind)
			kinds[block.Kind] = k
		}
		args, diags := fixArguments(k, block, budget)
		co.args[block] = args
		if len(diags) > 0 {
			co.problems[block] = diags
		}
	}
	for _, f := range rb.Facts {
		fix(f.Probe)
	}
	for _, c := range rb.Checks {
		fix(c.Probe)
	}
	return co
}

func newKind(k *language.Kind) *kind {
	known := &kind{Kind: k, defaults: make(map[string]cty.Value, len(k.Args)), unknown: k.UnknownResult(), result: k.ResultType()}
	for i := range k.Args {
		arg := &k.Args[i]
		known.defaults[arg.Name] = arg.Default
		if arg.Default == cty.NilVal {
			known.defaults[arg.Name] = cty.NullVal(arg.ValueType())
		}
	}
	return known
}

// fixArguments evaluates the arguments of a probe block that refer to nothing.
func fixArguments(k *kind, block *rules.ProbeBlock, budget *expression.Budget) (*arguments, hcl.Diagnostics) {
	args := &arguments{kind: k, fixed: k.defaults}
	if len(block.Args) == 0 {
		return args, nil
	}
	ctx := &hcl.EvalContext{Functions: language.FunctionTable()}
	var diags hcl.Diagnostics
	args.fixed = maps.Clone(args.fixed)
	for _, arg := range block.Args {
		if len(arg.Expr.Refs) > 0 {
			args.varied = append(args.varied, arg)
			continue
		}
		v, problem := argument(arg, ctx, budget)
		if problem != "" {
			diags = append(diags, diagnostic.ErrorAt(arg.Expr.Range(), "Unusable argument", "%s", sentence("Argument "+arg.Attr.Name+" "+problem)))
			continue
		}
		args.fixed[arg.Attr.Name] = v
	}
	return args, diags
}
