package engine_test

import (
	"context"
	"reflect"
	"testing"

	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

// Of a thousand sites the types of results would take more memory than what
// was observed, if each result brought its own along.
func TestResultsShareTheirType(t *testing.T) {
	p := plan(t, besideSource, engine.Settings{})
	observe := func(context.Context, engine.Query) (cty.Value, error) {
		return attrs{"ok": cty.True}.value(askKind), nil
	}
	checks := p.Run(t.Context(), script{"fixed": observe, "varied": observe}.options()).Sites[0].Vantages[0].Checks
	one, other := checks[0].Result, checks[1].Result
	if one.GetAttr("ok") != cty.True || !one.Type().Equals(askKind.ResultType()) {
		t.Fatalf("the result of %s is %#v", checks[0].Address, one)
	}
	at := func(v cty.Value) uintptr { return reflect.ValueOf(v.Type().AttributeTypes()).Pointer() }
	if at(one) != at(other) {
		t.Error("two results of one kind have a type each")
	}
}
