package rules

import (
	"sync"

	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/zclconf/go-cty/cty/function"
)

// A callee is a function as the checker sees it.
type callee struct {
	function.Function
	params  []function.Parameter
	rest    *function.Parameter
	lenient bool // its arguments may fail: try and can
}

var callees = sync.OnceValue(func() map[string]*callee {
	list := functions()
	table := make(map[string]*callee, len(list))
	for _, f := range list {
		c := &callee{Function: f.Func, params: f.Func.Params(), rest: f.Func.VarParam()}
		c.lenient = customdecode.CustomExpressionDecoderForType(c.param(0).Type) != nil
		table[f.Name] = c
	}
	return table
})

// param is the parameter that takes an argument; the zero where there is none.
func (f *callee) param(i int) function.Parameter {
	switch {
	case i < len(f.params):
		return f.params[i]
	case f.rest != nil:
		return *f.rest
	}
	return function.Parameter{}
}
