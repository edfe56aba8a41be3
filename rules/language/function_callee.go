package language

import (
	"sync"

	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// A Callee is a function as proving and metering a call see it.
type Callee struct {
	function.Function
	Params  []function.Parameter
	Rest    *function.Parameter
	Lenient bool // its arguments may fail: try and can
	// Steps are what a call takes beyond the size of its arguments, which are at
	// least one, without marks, or why it can't be made. Nil: nothing.
	Steps func(args []cty.Value) (int64, error)
}

// Callees are [Functions] by name. The map is shared and must not be changed.
func Callees() map[string]*Callee { return callees() }

var callees = sync.OnceValue(func() map[string]*Callee {
	list := functions()
	table := make(map[string]*Callee, len(list))
	for _, f := range list {
		c := &Callee{Function: f.Func, Params: f.Func.Params(), Rest: f.Func.VarParam()}
		c.Lenient = customdecode.CustomExpressionDecoderForType(c.Param(0).Type) != nil
		if b := bounds[f.Name]; b != nil {
			c.Steps = b.of
		}
		table[f.Name] = c
	}
	return table
})

// Param is the parameter that takes an argument; the zero where there is none.
func (f *Callee) Param(i int) function.Parameter {
	switch {
	case i < len(f.Params):
		return f.Params[i]
	case f.Rest != nil:
		return *f.Rest
	}
	return function.Parameter{}
}
