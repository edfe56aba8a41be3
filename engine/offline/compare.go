package offline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/linecheck/linecheck/rules/language"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// A DifferenceKind says what is not as expected. The zero value is invalid.
type DifferenceKind string

const (
	Verdict    DifferenceKind = "verdict"
	RootCauses DifferenceKind = "root_cause"
	StatusOf   DifferenceKind = "status"
	SkipOf     DifferenceKind = "skip"
	LayerOf    DifferenceKind = "layer" // Address is its name
	CauseOf    DifferenceKind = "cause"
	Explain    DifferenceKind = "explain" // Want is the pattern
	Remedy     DifferenceKind = "remedy"
	Reason     DifferenceKind = "reason"
	Doubts     DifferenceKind = "not_ruled_out"
	EvidenceOf DifferenceKind = "evidence"
	NotInPlan  DifferenceKind = "no such check" // no instance of that key
	NotGiven   DifferenceKind = "not given"     // a probe was reached without a result
	NotReached DifferenceKind = "not reached"   // a result was given for nothing
)

// A Difference is one thing that is not as expected.
type Difference struct {
	Kind      DifferenceKind
	Address   string // of the check or fact; "" for what is of the run
	Want, Got string // as a test file has it; texts as they are
	Note      string // what helps to understand Got; "" for nothing
}

// String is the difference on one line.
func (d Difference) String() string {
	if text := d.sentence(); text != "" {
		return terminal.Line(text)
	}
	text := fmt.Sprintf("%s: want %s, got %s", d.of(), terminal.Line(d.Want), terminal.Line(orNothing(d.Got)))
	if d.Note != "" {
		text += " (" + terminal.Line(d.Note) + ")"
	}
	return text
}

// of names what differs: "cause of check.a".
func (d Difference) of() string {
	if d.Address == "" {
		return string(d.Kind)
	}
	return string(d.Kind) + " of " + d.Address
}

// compare holds a report against what is expected.
func compare(want *rules.Expectation, got *engine.VantageReport, verdict engine.Status) []Difference {
	var list []Difference
	differ := func(kind DifferenceKind, address, want, got string) {
		if want != got {
			list = append(list, Difference{Kind: kind, Address: address, Want: want, Got: got})
		}
	}
	if want.Verdict != "" {
		differ(Verdict, "", strconv.Quote(want.Verdict), strconv.Quote(string(verdict)))
	}
	if want.RootCauses != nil {
		var roots []string
		for _, c := range got.RootCauses() {
			roots = append(roots, c.Address)
		}
		wanted := slices.Clone(want.RootCauses)
		slices.Sort(wanted)
		found := slices.Sorted(slices.Values(roots))
		if !slices.Equal(wanted, found) {
			differ(RootCauses, "", references(want.RootCauses), references(roots))
		}
	}
	for _, w := range want.Layers {
		status := "none"
		for _, l := range got.Layers() {
			if l.Name == w.Name {
				status = strconv.Quote(string(l.Status))
			}
		}
		differ(LayerOf, w.Name, strconv.Quote(w.Status), status)
	}
	for _, w := range want.Checks {
		found := false
		for _, c := range got.Checks {
			if c.Address == w.Address || strings.HasPrefix(c.Address, w.Address+"[") {
				found = true
				compareCheck(w, c, differ, &list)
			}
		}
		if !found {
			list = append(list, Difference{Kind: NotInPlan, Address: w.Address})
		}
	}
	for i := range list {
		list[i].Note = note(&list[i], got)
	}
	return list
}

// note says why something is as it is.
func note(d *Difference, got *engine.VantageReport) string {
	if d.Kind != StatusOf && d.Kind != CauseOf {
		return ""
	}
	for _, c := range got.Checks {
		switch {
		case c.Address != d.Address:
		case c.Reason != "":
			return c.Reason
		case c.Status == engine.Blocked:
			return "behind " + strings.Join(c.BlockedBy, ", ")
		case c.Cause != "" && d.Kind == StatusOf:
			return c.Cause + ": " + c.Explain
		default:
			return c.Explain
		}
	}
	return ""
}

func compareCheck(want *rules.ExpectedCheck, got *engine.CheckReport, differ func(DifferenceKind, string, string, string), list *[]Difference) {
	if want.Status != "" {
		differ(StatusOf, got.Address, strconv.Quote(want.Status), strconv.Quote(string(got.Status)))
	}
	if want.Skip != "" {
		differ(SkipOf, got.Address, strconv.Quote(want.Skip), strconv.Quote(string(got.Skip)))
	}
	if want.Cause != cty.NilVal {
		cause := "null"
		if got.Cause != "" {
			cause = strconv.Quote(got.Cause)
		}
		wanted := "null"
		if !want.Cause.IsNull() {
			wanted = strconv.Quote(want.Cause.AsString())
		}
		differ(CauseOf, got.Address, wanted, cause)
	}
	for _, text := range []struct {
		kind      DifferenceKind
		want, got string
	}{{Explain, want.Explain, got.Explain}, {Remedy, want.Remedy, got.Remedy}, {Reason, want.Reason, got.Reason}} {
		if text.want != "" && !MatchText(text.want, text.got) {
			*list = append(*list, Difference{Kind: text.kind, Address: got.Address, Want: text.want, Got: text.got})
		}
	}
	if want.NotRuledOut != nil {
		var doubts []string
		for _, d := range got.NotRuledOut {
			doubts = append(doubts, d.Cause)
		}
		differ(Doubts, got.Address, quoted(want.NotRuledOut), quoted(doubts))
	}
	for _, ref := range sorted(want.Evidence) {
		wanted := want.Evidence[ref]
		i := slices.IndexFunc(got.Evidence, func(e engine.Evidence) bool { return e.Ref == ref })
		switch {
		case i < 0:
			differ(EvidenceOf, got.Address, ref+" = "+terminal.Written(wanted), "no such evidence")
		case !sameValue(wanted, got.Evidence[i].Value):
			differ(EvidenceOf, got.Address, ref+" = "+terminal.Written(wanted), ref+" = "+terminal.Written(got.Evidence[i].Value))
		}
	}
}

// sameValue reports whether two values are alike, whatever kind of list or
// object they were written as.
func sameValue(a, b cty.Value) bool {
	conv, err := language.Convert(a, b.Type())
	return err == nil && conv.RawEquals(b)
}

// references is a list of checks as root_cause takes it.
func references(addresses []string) string {
	if len(addresses) == 1 {
		return addresses[0]
	}
	return "[" + strings.Join(addresses, ", ") + "]"
}

func quoted(names []string) string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = fmt.Sprintf("%q", n)
	}
	return "[" + strings.Join(list, ", ") + "]"
}
