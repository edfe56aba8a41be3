package rules_test

import (
	"iter"
	"reflect"
	"testing"

	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/expression"
)

// TestEveryExpressionIsRead: an attribute that the language gains must not be
// overlooked, or what it refers to would be called unused.
func TestEveryExpressionIsRead(t *testing.T) {
	check, fact := &rules.Check{}, &rules.Fact{}
	for _, test := range []struct {
		block any
		read  func() iter.Seq[*expression.Expr]
	}{
		{check, func() iter.Seq[*expression.Expr] { return check.Exprs() }},
		{fact, func() iter.Seq[*expression.Expr] { return fact.Exprs() }},
	} {
		want := map[*expression.Expr]string{}
		fill(reflect.ValueOf(test.block).Elem(), want)
		if len(want) < 3 {
			t.Fatalf("%T has only %d expressions", test.block, len(want))
		}
		for e := range test.read() {
			delete(want, e)
		}
		for _, name := range want {
			t.Errorf("%T: %s is not read", test.block, name)
		}
	}
}

// fill puts an expression wherever one can stand in a block, and a block
// wherever there may be one.
func fill(v reflect.Value, all map[*expression.Expr]string) {
	for i := range v.NumField() {
		field, name := v.Field(i), v.Type().Name()+"."+v.Type().Field(i).Name
		switch x := field.Interface().(type) {
		case *expression.Expr:
			e := &expression.Expr{}
			field.Set(reflect.ValueOf(e))
			all[e] = name
		case *rules.Retry, *rules.ProbeBlock:
			field.Set(reflect.New(field.Type().Elem()))
			fill(field.Elem(), all)
		case []*rules.Cause, []rules.ProbeArg:
			field.Set(reflect.MakeSlice(field.Type(), 1, 1))
			one := field.Index(0)
			if one.Kind() == reflect.Pointer {
				one.Set(reflect.New(one.Type().Elem()))
				one = one.Elem()
			}
			fill(one, all)
		default:
			_ = x
		}
	}
}
