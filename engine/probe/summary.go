package probe

import (
	"fmt"
	"strings"

	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// The summaries say in a few words what a probe observed, for one line of a
// report. They judge nothing and leave out what was not observed.

// observed is a result whose attributes are asked for by path.
type observed struct{ result cty.Value }

// at is the attribute at a path of names, and whether it was seen: it is
// neither unknown nor null.
func (o observed) at(path ...string) (cty.Value, bool) {
	v := o.result
	for _, name := range path {
		if v == cty.NilVal || v.IsMarked() || !v.IsKnown() || v.IsNull() || !v.Type().IsObjectType() || !v.Type().HasAttribute(name) {
			return cty.NilVal, false
		}
		v = v.GetAttr(name)
	}
	return v, v != cty.NilVal && !v.IsMarked() && v.IsWhollyKnown() && !v.IsNull()
}

// isNull reports whether an attribute was looked for and not there.
func (o observed) isNull(name string) bool {
	v := o.result
	if v == cty.NilVal || v.IsMarked() || !v.IsKnown() || v.IsNull() || !v.Type().HasAttribute(name) {
		return false
	}
	v = v.GetAttr(name)
	return v.IsKnown() && v.IsNull()
}

// is reports whether the attribute is true.
func (o observed) is(path ...string) bool {
	v, ok := o.at(path...)
	return ok && v.True()
}

// text is the attribute as texts show it, "" where it was not seen.
func (o observed) text(path ...string) string {
	v, ok := o.at(path...)
	if !ok {
		return ""
	}
	return terminal.Value(v)
}

// ms is ", N ms" with a number of milliseconds, "" where it was not seen.
func (o observed) ms(name string) string {
	if n := o.text(name); n != "" {
		return ", " + n + " ms"
	}
	return ""
}

// refusal says why nothing could be sent, or which ICMP error came back.
func (o observed) refusal() string {
	if word := o.text("local_error"); word != "" {
		return "not sent: " + strings.ReplaceAll(word, "_", " ")
	}
	name := strings.ReplaceAll(o.text("icmp", "name"), "_", " ")
	if sender := o.text("icmp", "sender"); name != "" && sender != "" {
		return name + " says " + sender
	}
	return name
}

// first is the first of a list and how many more there are, "" of an empty one.
func (o observed) first(path ...string) string {
	v, ok := o.at(path...)
	if !ok || v.LengthInt() == 0 {
		return ""
	}
	all := v.AsValueSlice()
	first := terminal.Value(all[0])
	if more := len(all) - 1; more > 0 {
		return fmt.Sprintf("%s and %d more", first, more)
	}
	return first
}

// phrases joins those that are not empty.
func phrases(parts ...string) string {
	var some []string
	for _, p := range parts {
		if p != "" {
			some = append(some, p)
		}
	}
	return strings.Join(some, ", ")
}

// summariseConnection is how the attempt to connect came out; more is what is
// worth saying of a connection that stands.
func summariseConnection(o observed, more string) string {
	switch {
	case o.is("connected"):
		return more
	case o.is("refused"):
		return phrases("refused", o.refusal())
	case o.is("timed_out"):
		return phrases("no answer", o.refusal())
	}
	return o.refusal()
}
