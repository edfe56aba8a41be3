package panics_test

import (
	"strings"
	"testing"

	"github.com/linecheck/linecheck/rules/panics"
)

// recovered is what f panicked with.
func recovered(f func()) (r any) {
	defer func() { r = recover() }()
	f()
	return nil
}

func breakHere() { panic("the value") }

func TestHandedOn(t *testing.T) {
	ways := map[string]func(f func()){
		"a group": func(f func()) {
			var g panics.Group
			g.Go(func() {})
			g.Go(f)
			g.Wait()
		},
		"a group in a group": func(f func()) {
			var outer panics.Group
			outer.Go(func() {
				var inner panics.Group
				inner.Go(f)
				inner.Wait()
			})
			outer.Wait()
		},
		"a result": func(f func()) {
			(<-panics.Start(func() int { f(); return 1 }))()
		},
	}
	for name, run := range ways {
		t.Run(name, func(t *testing.T) {
			r, ok := recovered(func() { run(breakHere) }).(*panics.Recovered)
			if !ok || r.Value != "the value" || !strings.Contains(string(r.Stack), "breakHere") {
				t.Errorf("recovered %+v", r)
			}
			if r := recovered(func() { run(func() {}) }); r != nil {
				t.Errorf("recovered %v where nothing broke", r)
			}
		})
	}
	if v := (<-panics.Start(func() int { return 7 }))(); v != 7 {
		t.Errorf("the result is %d", v)
	}
}
