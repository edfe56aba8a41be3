package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	checks "github.com/linecheck/linecheck/checks.d"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/document"
	"pgregory.net/rapid"
)

// failer is what *testing.T and *rapid.T have in common here.
type failer interface {
	Helper()
	Fatal(args ...any)
}

// orders are the checks of a runbook as each of those who list them has them.
func orders(t failer, rb *rules.Runbook, s engine.Settings) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	p, diags := engine.NewPlan(rb, s)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, step := range p.Checks() {
		all["plan"] = append(all["plan"], step.Name)
	}
	all["plan"] = slices.Compact(all["plan"]) // the instances of a check stand together
	d, diags := document.New(rb, nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var page strings.Builder
	if err := document.Markdown(&page, d.Page()); err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^### \d+\. (?s:.*?)\x60check\.([^\x60]*)\x60`).FindAllStringSubmatch(page.String(), -1) {
		all["doc"] = append(all["doc"], m[1])
	}
	for _, n := range newGraphOf(rb).checks {
		all["graph"] = append(all["graph"], n.name)
	}
	for _, c := range offline.NewCoverage(rb).Checks() {
		all["coverage"] = append(all["coverage"], strings.TrimPrefix(c.Address, "check."))
	}
	return all
}

func loadOrdered(t failer, files fstest.MapFS) *rules.Runbook {
	t.Helper()
	rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "t", FS: files})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return rb
}

// TestOneOrder holds plan, pages, drawing and coverage of the shipped runbook
// against each other.
func TestOneOrder(t *testing.T) {
	rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "embedded", FS: checks.FS})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	all := orders(t, rb, engine.Settings{})
	if len(all["plan"]) != len(rb.Checks) {
		t.Errorf("%d of %d checks in the plan", len(all["plan"]), len(rb.Checks))
	}
	for who, order := range all {
		if diff := cmp.Diff(all["plan"], order); diff != "" {
			t.Errorf("%s: %s", who, diff)
		}
	}
}

// TestOneOrderOfAny does the same with runbooks whose files have them in another
// order, and against the plainest way to find one.
func TestOneOrderOfAny(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		rb := loadOrdered(t, fstest.MapFS{"t.hcl": {Data: []byte(m.source())}})
		var s engine.Settings
		for _, b := range m.blocks {
			if !b.fact && rapid.IntRange(0, 4).Draw(t, "skip") == 0 {
				s.Skip = append(s.Skip, b.name+"*") // the order is the same, whatever is selected
			}
		}
		want := m.order()
		for who, order := range orders(t, rb, s) {
			if diff := cmp.Diff(want, order); diff != "" {
				t.Fatalf("%s: %s", who, diff)
			}
		}
	})
}

// A model is a runbook whose blocks stand in the order of the file, and who
// refers to whom by place.
type model struct{ blocks []*modelBlock }

type modelBlock struct {
	name     string
	fact     bool
	each     bool // has two instances
	gates    []int
	results  []int // of checks, or facts: read to observe
	statuses []int // of checks, likewise
	explains []int // facts that a cause reads
}

// drawModel draws blocks that refer only to those before them in an order that
// is not the file's. A fact may also read the result of the check that it
// explains.
func drawModel(t *rapid.T) *model {
	size := rapid.IntRange(1, 9).Draw(t, "blocks")
	m := &model{blocks: make([]*modelBlock, size)}
	place := make([]int, size)
	for i := range place {
		place[i] = i
	}
	hidden := rapid.Permutation(place).Draw(t, "order")
	some := func(of []int, label string) []int {
		if len(of) == 0 {
			return nil
		}
		list := rapid.SliceOfNDistinct(rapid.SampledFrom(of), 0, min(2, len(of)), rapid.ID).Draw(t, label)
		slices.Sort(list)
		return list
	}
	var facts, checks []int
	for i, n := range hidden {
		b := &modelBlock{name: fmt.Sprintf("b%d", n), each: rapid.IntRange(0, 3).Draw(t, "each") == 0}
		b.fact = i > 0 && rapid.IntRange(0, 2).Draw(t, "fact") == 0
		m.blocks[n] = b
		b.results = some(slices.Concat(checks, facts), "results")
		b.statuses = some(checks, "statuses")
		if b.fact {
			facts = append(facts, n)
			continue
		}
		b.gates = some(checks, "gates")
		b.explains = some(facts, "explains")
		checks = append(checks, n)
	}
	for n, b := range m.blocks {
		if !b.fact && !b.each && rapid.IntRange(0, 2).Draw(t, "own fact") == 0 {
			b.explains = append(b.explains, len(m.blocks))
			m.blocks = append(m.blocks, &modelBlock{name: fmt.Sprintf("own%d", n), fact: true, results: []int{n}})
		}
	}
	return m
}

// reads is a condition over an attribute of all instances of a block.
func (m *model) reads(n int, attr string) string {
	b := m.blocks[n]
	address := "check." + b.name
	if b.fact {
		address = "fact." + b.name
		attr = strings.TrimPrefix(attr, "result.")
	}
	if b.each {
		return fmt.Sprintf("anytrue([for x in %s : x.%s])", address, attr)
	}
	return address + "." + attr
}

func (m *model) source() string {
	var s strings.Builder
	for _, b := range m.blocks {
		conditions := []string{"true"}
		for _, n := range b.results {
			conditions = append(conditions, m.reads(n, "result.connected"))
		}
		for _, n := range b.statuses {
			conditions = append(conditions, m.reads(n, "passed"))
		}
		all := strings.Join(conditions[1:], " && ")
		root := "check"
		if b.fact {
			root = "fact"
		}
		fmt.Fprintf(&s, "%s %q {\n", root, b.name)
		if b.each {
			s.WriteString(" for_each = toset([\"x\", \"y\"])\n")
		}
		s.WriteString(" probe \"tcp\" { port = 25 }\n")
		if b.fact {
			if all == "" {
				s.WriteString(" target = \"192.0.2.1\"\n}\n")
			} else {
				fmt.Fprintf(&s, " target = %s ? \"192.0.2.1\" : \"192.0.2.2\"\n}\n", all)
			}
			continue
		}
		var gates []string
		for _, n := range b.gates {
			gates = append(gates, "check."+m.blocks[n].name)
		}
		conditions[0] = "result.connected"
		fmt.Fprintf(&s, " target = \"192.0.2.1\"\n depends_on = [%s]\n pass = %s\n explain = \"no\"\n", strings.Join(gates, ", "), strings.Join(conditions, " && "))
		for _, n := range b.explains {
			fmt.Fprintf(&s, " cause \"c%d\" {\n when = %s\n explain = \"no\"\n }\n", n, m.reads(n, "connected"))
		}
		s.WriteString("}\n")
	}
	return s.String()
}

// order lists the checks: again and again, of the observations and diagnoses
// that wait for nothing any more, the first in the file comes, facts first.
func (m *model) order() []string {
	type node struct {
		block    int
		diagnose bool
	}
	var nodes []node
	for n, b := range m.blocks {
		if b.fact {
			nodes = append(nodes, node{n, false})
		}
	}
	for n, b := range m.blocks {
		if !b.fact {
			nodes = append(nodes, node{n, false}, node{n, true})
		}
	}
	done := map[node]bool{}
	settled := func(n int) bool { return m.blocks[n].fact && done[node{n, false}] || done[node{n, true}] }
	// Of a block with instances all are read as one, which is there once the
	// last of them is diagnosed.
	observed := func(n int) bool {
		return settled(n) || !m.blocks[n].each && done[node{n, false}]
	}
	free := func(n node) bool {
		b := m.blocks[n.block]
		if n.diagnose {
			return done[node{n.block, false}] && all(b.explains, observed)
		}
		return all(b.results, observed) && all(b.statuses, settled) && all(b.gates, settled)
	}
	var list []string
	for len(done) < len(nodes) {
		i := slices.IndexFunc(nodes, func(n node) bool { return !done[n] && free(n) })
		n := nodes[i]
		done[n] = true
		if !n.diagnose && !m.blocks[n.block].fact {
			list = append(list, m.blocks[n.block].name)
		}
	}
	return list
}

func all(list []int, ok func(int) bool) bool {
	return !slices.ContainsFunc(list, func(n int) bool { return !ok(n) })
}
