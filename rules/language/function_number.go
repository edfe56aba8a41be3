package language

import "github.com/zclconf/go-cty/cty/function/stdlib"

func numberFunctions() []Function {
	return []Function{
		{
			Name: "abs", Func: stdlib.AbsoluteFunc,
			Doc:     "A number without its sign.",
			Example: `abs(-3)`, Result: `3`,
		},
		{
			Name: "ceil", Func: stdlib.CeilFunc,
			Doc:     "The nearest whole number that is not smaller.",
			Example: `ceil(1.2)`, Result: `2`,
		},
		{
			Name: "floor", Func: stdlib.FloorFunc,
			Doc:     "The nearest whole number that is not greater.",
			Example: `floor(1.8)`, Result: `1`,
		},
		{
			Name: "log", Func: stdlib.LogFunc,
			Doc:     "The logarithm of a number to a base.",
			Example: `log(8, 2)`, Result: `3`,
		},
		{
			Name: "max", Func: stdlib.MaxFunc,
			Doc:     "The greatest of its arguments.",
			Example: `max(3, 20, 5)`, Result: `20`,
		},
		{
			Name: "min", Func: stdlib.MinFunc,
			Doc:     "The smallest of its arguments.",
			Example: `min(3, 20, 5)`, Result: `3`,
		},
		{
			Name: "parseint", Func: numeric(stdlib.ParseIntFunc, notNull),
			Doc:     "The whole number that a string holds in a base from 2 to 62.",
			Example: `parseint("ff", 16)`, Result: `255`,
		},
		{
			Name: "pow", Func: numeric(stdlib.PowFunc, notNull),
			Doc:     "A number to a power.",
			Example: `pow(2, 10)`, Result: `1024`,
		},
		{
			Name: "signum", Func: stdlib.SignumFunc,
			Doc:     "The sign of a number: -1, 0 or 1.",
			Example: `signum(-12)`, Result: `-1`,
		},
	}
}
