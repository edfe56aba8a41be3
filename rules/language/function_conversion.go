package language

import (
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func conversionFunctions() []Function {
	return []Function{
		{
			Name: "csvdecode", Func: stdlib.CSVDecodeFunc,
			Doc:     "Reads CSV (RFC 4180) with a first line of names: a list of objects of strings.",
			Example: `csvdecode("host,port\ngw,25")`, Result: `tolist([{ host = "gw", port = "25" }])`,
		},
		{
			Name: "issensitive", Func: isSensitiveFunc,
			Doc:     "Whether a value is sensitive.",
			Example: `issensitive(sensitive("a"))`, Result: `true`,
		},
		{
			Name: "jsondecode", Func: numeric(stdlib.JSONDecodeFunc, nil),
			Doc:     "Reads JSON (RFC 8259). What it holds is only known when it runs, so nothing can be proved about it before.",
			Example: `jsondecode("{\"ok\": true}").ok`, Result: `true`,
		},
		{
			Name: "jsonencode", Func: stdlib.JSONEncodeFunc,
			Doc:     "Writes a value as JSON (RFC 8259).",
			Example: `jsonencode({ ok = true })`, Result: `"{\"ok\":true}"`,
		},
		{
			Name: "nonsensitive", Func: nonsensitiveFunc,
			Doc:     "A value that may be shown, made of a sensitive one.",
			Example: `nonsensitive(sensitive("a"))`, Result: `"a"`,
		},
		{
			Name: "sensitive", Func: sensitiveFunc,
			Doc:     "A value that is never shown in texts, evidence and reports.",
			Example: `nonsensitive(sensitive("a"))`, Result: `"a"`,
		},
		{
			Name: "tobool", Func: stdlib.MakeToFunc(cty.Bool),
			Doc:     `The bool that a value stands for: true, false, "true" or "false".`,
			Example: `tobool("true")`, Result: `true`,
		},
		{
			Name: "tolist", Func: collectFunc(cty.List),
			Doc:     "A list of the elements of a tuple, list or set. Comparing with an observed list needs it: result.addresses == tolist([…]).",
			Example: `tolist(["a", 1])`, Result: `tolist(["a", "1"])`,
		},
		{
			Name: "tomap", Func: collectFunc(cty.Map),
			Doc:     "A map of the attributes of an object.",
			Example: `tomap({ a = 1 })["a"]`, Result: `1`,
		},
		{
			Name: "tonumber", Func: stdlib.MakeToFunc(cty.Number),
			Doc:     "The number that a string holds.",
			Example: `tonumber("220")`, Result: `220`,
		},
		{
			Name: "toset", Func: collectFunc(cty.Set),
			Doc:     "A set of the elements of a list or tuple: no order, nothing twice.",
			Example: `toset(["a", "b", "a"])`, Result: `toset(["b", "a"])`,
		},
		{
			Name: "tostring", Func: stdlib.MakeToFunc(cty.String),
			Doc:     "A number or bool as a string.",
			Example: `tostring(220)`, Result: `"220"`,
		},
	}
}

func markedParam() function.Parameter {
	return function.Parameter{
		Name: "value", Type: cty.DynamicPseudoType,
		AllowUnknown: true, AllowNull: true, AllowMarked: true, AllowDynamicType: true,
	}
}

func sameType(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil }

var sensitiveFunc = function.New(&function.Spec{
	Params: []function.Parameter{markedParam()},
	Type:   sameType,
	Impl:   func(args []cty.Value, _ cty.Type) (cty.Value, error) { return args[0].Mark(Sensitive), nil },
})

var nonsensitiveFunc = function.New(&function.Spec{
	Params: []function.Parameter{markedParam()},
	Type:   sameType,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		v, marks := args[0].Unmark()
		delete(marks, Sensitive)
		return v.WithMarks(marks), nil
	},
})

var isSensitiveFunc = function.New(&function.Spec{
	Params: []function.Parameter{markedParam()},
	Type:   function.StaticReturnType(cty.Bool),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if !args[0].IsKnown() && !args[0].IsMarked() {
			return guard.UnknownBool, nil
		}
		return cty.BoolVal(args[0].HasMark(Sensitive)), nil
	},
})
