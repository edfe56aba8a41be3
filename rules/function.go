package rules

import (
	"sync"

	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// A Function can be called in expressions.
type Function struct {
	Name string
	Doc  string // one or two sentences
	// Example is a call, and Result the expression that it equals.
	Example, Result string
	Func            function.Function
}

// Functions lists the functions of the language, sorted by name. All are pure:
// they read no clock, no file and no environment.
func Functions() []Function { return functions() }

// FunctionTable is Functions for an EvalContext. It is shared and must not be
// changed.
func FunctionTable() map[string]function.Function { return functionTable() }

var functions = sync.OnceValue(func() []Function {
	return []Function{
		{Name: "can", Func: tryfunc.CanFunc},
		{Name: "join", Func: stdlib.JoinFunc},
		{Name: "length", Func: stdlib.LengthFunc},
		{Name: "coalesce", Func: stdlib.CoalesceFunc},
		{Name: "try", Func: tryfunc.TryFunc},
	}
})

var functionTable = sync.OnceValue(func() map[string]function.Function {
	list := functions()
	table := make(map[string]function.Function, len(list))
	for _, f := range list {
		table[f.Name] = f.Func
	}
	return table
})
