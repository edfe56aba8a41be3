package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/panics"
	"github.com/zclconf/go-cty/cty"
)

// probeGrace is how long a probe may go on after its context ended, before it
// is left behind. A probe that obeys needs far less, also on a busy computer.
const probeGrace = 2 * time.Second

// An answer is what a probe came back with.
type answer struct {
	value   cty.Value // NilVal: nothing
	problem string    // why the question could not be asked
	cut     bool      // the time was up
	last    bool      // there is no use in asking again
}

// ask has a probe observe, or whoever answers in its place. It lets nothing
// that either does wrong get past itself.
func (r *run) ask(block *rules.ProbeBlock, q Query, deadline time.Time, secrets secrets) answer {
	kind := r.plan.common.args[block].kind
	started := r.since()
	var a answer
	if r.Answer != nil {
		var given Answer
		if err := panics.Call(func() error { given = r.Answer(q); return nil }); err != nil {
			given = Answer{Problem: fmt.Sprintf("what answers in the probe's place broke: %v", err), Last: true}
		}
		a = answer{value: given.Result, problem: given.Problem, cut: given.Cut, last: given.Last}
	} else {
		a = r.probe(kind, q, deadline)
	}
	if a.problem == "" {
		a.problem = kind.misfit(a.value, r.asked(q))
	}
	if a.problem != "" {
		a.value = cty.NilVal
	} else {
		a.value = secrets.mark(kind.typed(a.value))
	}
	r.tellObserved(kind, q, a, started, secrets)
	return a
}

// probe has a probe observe, no longer than until deadline.
func (r *run) probe(kind *kind, q Query, deadline time.Time) answer {
	ctx, cancel := context.WithDeadline(r.ctx, deadline)
	defer cancel()
	probe := r.probes[kind.Name]

	back := make(chan answer, 1)
	go func() {
		a := answer{problem: "the probe ended without an answer, which is a fault of its kind"}
		defer func() {
			if p := recover(); p != nil {
				a = answer{problem: fmt.Sprintf("the probe broke, which is a fault of its kind: %v", p)}
			}
			back <- a
		}()
		value, err := probe.Observe(ctx, &r.World, q)
		if a = (answer{value: value}); err != nil {
			a.problem = err.Error()
		}
	}()

	var a answer
	select {
	case a = <-back:
	case <-ctx.Done():
		grace := time.NewTimer(probeGrace)
		defer grace.Stop()
		select {
		case a = <-back:
		case <-grace.C:
			a.problem = fmt.Sprintf("the probe did not stop when it had to and was left behind after another %s, which is a fault of its kind", probeGrace)
		}
	}
	a.cut = errors.Is(ctx.Err(), context.DeadlineExceeded)
	return a
}

// asked is what a result is held against of the question. Whoever answers in a
// probe's place may have been asked otherwise: a recording's question is not
// today's.
func (r *run) asked(q Query) map[string]cty.Value {
	if r.Answer != nil {
		return nil
	}
	return q.Args
}

// misfit says how a value breaks the promises that the kind makes of a result;
// the proofs of rules.Load rest on these.
func (k *kind) misfit(v cty.Value, args map[string]cty.Value) string {
	const fault = ", which is a fault of its kind"
	switch {
	case v == cty.NilVal:
		return "the probe came back with no value" + fault
	case v.IsMarked():
		return "the probe came back with a marked value" + fault
	case !fits(k.Kind.Result, k.result, v.Type()):
		return fmt.Sprintf("the probe came back with a value of another type than %q declares%s: %s", k.Name, fault, typeDifference(k.result, v.Type()))
	}
	if err := k.Misfit(v, args); err != nil {
		return "the probe came back with " + err.Error() + fault
	}
	return ""
}

// typed is a value that fits the kind, with the kind's own type in place of an
// equal one. A value otherwise brings its type with it, which takes more memory
// than what was observed. An element of a list has the list's type, and the
// list that of its first element.
func (k *kind) typed(v cty.Value) cty.Value {
	return cty.ListVal([]cty.Value{k.unknown, v}).Index(cty.NumberIntVal(1))
}

// fits reports whether got is the type that is wanted of an object with attrs.
// It is what Type.Equals says, at a fraction of the cost.
func fits(attrs []language.Attribute, want, got cty.Type) bool {
	if !got.IsObjectType() || len(got.AttributeTypes()) != len(attrs) || len(got.OptionalAttributes()) > 0 {
		return false
	}
	wanted, types := want.AttributeTypes(), got.AttributeTypes()
	for i := range attrs {
		a := &attrs[i]
		want, got := wanted[a.Name], types[a.Name]
		switch {
		case want.IsPrimitiveType() && got == want:
		case got == cty.NilType:
			return false
		case a.Attrs != nil && !a.List:
			if !fits(a.Attrs, want, got) {
				return false
			}
		case !got.Equals(want):
			return false
		}
	}
	return true
}

// typeDifference says where a type differs from the one that is wanted.
func typeDifference(want, got cty.Type) string {
	for _, err := range got.TestConformance(want) {
		return strings.TrimSuffix(err.Error(), ".")
	}
	return "got " + got.FriendlyName()
}
