package probe

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// probeOf is the probe of a kind.
func probeOf(t testing.TB, kind string) *engine.Probe {
	t.Helper()
	for _, p := range All() {
		if p.Name == kind {
			return p
		}
	}
	t.Fatalf("no probe kind %q", kind)
	return nil
}

// query is a query of p as the engine makes it: every argument is there,
// converted and checked.
func query(t testing.TB, p *engine.Probe, target string, args map[string]cty.Value) engine.Query {
	t.Helper()
	q := engine.Query{Target: target, Args: map[string]cty.Value{}}
	for i := range p.Args {
		a := &p.Args[i]
		v, given := args[a.Name]
		switch {
		case given:
			var err error
			if v, err = convert.Convert(v, a.ValueType()); err != nil {
				t.Fatalf("%s: argument %s: %v", p.Name, a.Name, err)
			}
			if !v.IsNull() {
				if err := a.Validate(v); err != nil {
					t.Fatalf("%s: argument %s %v", p.Name, a.Name, err)
				}
			}
		case a.Required:
			t.Fatalf("%s: argument %s is required", p.Name, a.Name)
		case a.Default == cty.NilVal:
			v = cty.NullVal(a.ValueType())
		default:
			v = a.Default
		}
		q.Args[a.Name] = v
	}
	for name := range args {
		if _, ok := q.Args[name]; !ok {
			t.Fatalf("%s has no argument %s", p.Name, name)
		}
	}
	return q
}

// observe asks the operating system's own network.
func observe(ctx context.Context, t testing.TB, kind, target string, args map[string]cty.Value) (cty.Value, error) {
	t.Helper()
	p := probeOf(t, kind)
	q := query(t, p, target, args)
	result, err := p.Observe(ctx, &engine.World{}, q)
	if err == nil {
		checkFits(t, p, result, q.Args)
	}
	return result, err
}

// unknown stands for an unknown value in what plain returns.
const unknown = "(unknown)"

// plain is v in Go's own types: numbers are float64, objects and lists maps
// and slices, null is nil.
func plain(v cty.Value) any {
	switch ty := v.Type(); {
	case !v.IsKnown():
		return unknown
	case v.IsNull():
		return nil
	case ty == cty.String:
		return v.AsString()
	case ty == cty.Bool:
		return v.True()
	case ty == cty.Number:
		f, _ := v.AsBigFloat().Float64()
		return f
	case ty.IsListType():
		items := []any{}
		for _, item := range v.AsValueSlice() {
			items = append(items, plain(item))
		}
		return items
	default:
		object := map[string]any{}
		for name, attr := range v.AsValueMap() {
			object[name] = plain(attr)
		}
		return object
	}
}

// want is what a test expects of a result: the attributes that it names.
type want map[string]any

// check compares what was observed with what is wanted.
func (w want) check(t testing.TB, what string, result cty.Value) {
	t.Helper()
	got := plain(result).(map[string]any)
	for name := range got {
		if _, named := w[name]; !named {
			delete(got, name)
		}
	}
	if diff := cmp.Diff(map[string]any(w), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
