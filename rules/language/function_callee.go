package language

import (
	"sync"

	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/zclconf/go-cty/cty/function"
)

// A Callee is a function as the checker sees it.
type Callee struct {
	function.Function
	Params  []function.Parameter
	Rest    *function.Parameter
	Lenient bool // its arguments may fail: try and can
}

var Callees = sync.OnceValue(func() map[string]*Callee {
	list := functions()
	table := make(map[string]*Callee, len(list))
	for _, f := range list {
		c := &Callee{Function: f.Func, Params: f.Func.Params(), Rest: f.Func.VarParam()}
		c.Lenient = customdecode.CustomExpressionDecoderForType(c.Param(0).Type) != nil
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
