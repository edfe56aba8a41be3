package language

import (
	"slices"
	"strings"
	"sync"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// A Function can be called in expressions.
type Function struct {
	Name string
	Doc  string // one or two sentences; what it does with null where that may surprise
	// Example is a call, and Result an expression that equals it.
	Example, Result string
	Func            function.Function
}

// Functions lists the functions of the language, sorted by name. All are pure:
// they read no clock, no file and no environment. They have Terraform's names
// and meaning wherever Terraform has them.
func Functions() []Function { return functions() }

// FunctionTable is Functions for an EvalContext. It is shared and must not be
// changed.
func FunctionTable() map[string]function.Function { return functionTable() }

// The tables are built when first used: a command that evaluates nothing
// should not wait for them.
var functions = sync.OnceValue(func() []Function {
	list := slices.Concat(
		textFunctions(),
		patternFunctions(),
		numberFunctions(),
		listFunctions(),
		setFunctions(),
		mapFunctions(),
		logicFunctions(),
		addressFunctions(),
		conversionFunctions(),
	)
	for i, f := range list {
		if b := bounds[f.Name]; b != nil {
			list[i].Func = f.bounded(b)
		}
	}
	slices.SortFunc(list, func(a, b Function) int { return strings.Compare(a.Name, b.Name) })
	return list
})

var functionTable = sync.OnceValue(func() map[string]function.Function {
	list := functions()
	table := make(map[string]function.Function, len(list))
	for _, f := range list {
		table[f.Name] = f.Func
	}
	return table
})

// Signature is the function with its parameters and their types:
// cidrhost(prefix string, hostnum number) string.
func (f Function) Signature() string {
	var b strings.Builder
	b.WriteString(f.Name)
	b.WriteByte('(')
	params := f.Func.Params()
	types := make([]cty.Type, 0, len(params)+1)
	for i, p := range params {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p.Name)
		b.WriteByte(' ')
		b.WriteString(typeKeyword(p.Type))
		types = append(types, p.Type)
	}
	if p := f.Func.VarParam(); p != nil {
		if len(params) > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p.Name)
		b.WriteByte(' ')
		b.WriteString(typeKeyword(p.Type))
		b.WriteString("...")
		types = append(types, p.Type)
	}
	b.WriteByte(')')
	if t, err := f.Func.ReturnType(types); err == nil && t != cty.DynamicPseudoType {
		b.WriteByte(' ')
		b.WriteString(typeKeyword(t))
	}
	return b.String()
}

// typeKeyword is a type as it is written in a variable's type.
func typeKeyword(t cty.Type) string {
	switch {
	case t == cty.DynamicPseudoType, t.IsCapsuleType():
		return "any"
	case t == cty.Bool, t == cty.Number, t == cty.String:
		return t.FriendlyName()
	case t.IsListType():
		return "list(" + typeKeyword(t.ElementType()) + ")"
	case t.IsSetType():
		return "set(" + typeKeyword(t.ElementType()) + ")"
	case t.IsMapType():
		return "map(" + typeKeyword(t.ElementType()) + ")"
	case t.IsTupleType():
		return "tuple"
	default:
		return "object"
	}
}

func param(name string, t cty.Type) function.Parameter {
	return function.Parameter{Name: name, Type: t}
}

// nullable is a parameter that may be null and, so that a null decides even
// beside an unknown, unknown.
func nullable(name string, t cty.Type) function.Parameter {
	return function.Parameter{Name: name, Type: t, AllowNull: true, AllowUnknown: true}
}

func notNull(b *cty.RefinementBuilder) *cty.RefinementBuilder { return b.NotNull() }
