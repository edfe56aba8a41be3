package checks_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	checks "github.com/linecheck/linecheck/checks.d"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"golang.org/x/sync/errgroup"
)

// mutateVar makes TestMutants try every n-th change of the shipped runbook, or
// those at a place (40-dns.hcl:98); left out, every sampleStep-th.
const (
	mutateVar  = "LINECHECK_MUTATE"
	sampleStep = 24
)

// leastNoticed is the part of the changes that the offline tests must notice; of
// a sample, which may hold more than its share of the others, a little less.
const (
	leastNoticed         = 0.98
	leastNoticedOfSample = 0.95
)

// A mutant is the shipped runbook with one change.
type mutant struct {
	name string
	file string
	// edits do not overlap and stand in the order of the file.
	edits []edit
}

type edit struct {
	start, end int
	text       string
}

// Whatever is changed in the shipped runbook, one thing at a time, its offline
// tests notice: a comparison turned round, a cause deleted, two explanations
// swapped, a check that no longer waits for the one before it, a conclusion that
// leaves a cause out.
//
//	LINECHECK_MUTATE=1 go test ./checks.d -run TestMutants -v
//
// tries all of them and lists those that nobody noticed.
func TestMutants(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the command does
	all, err := mutants()
	if err != nil {
		t.Fatal(err)
	}
	if noticed, _, err := all[0].unchanged().noticed(t); noticed || err != nil {
		t.Fatalf("the tests fail without any change (%v): see TestOffline", err)
	}
	step, least := sampleStep, leastNoticedOfSample
	if n, err := strconv.Atoi(os.Getenv(mutateVar)); err == nil && n > 0 {
		step = n
	} else if place := os.Getenv(mutateVar); place != "" {
		step = 1
		all = slices.DeleteFunc(all, func(m mutant) bool { return !strings.HasPrefix(m.name, place) })
	}
	if step == 1 {
		least = leastNoticed
	}
	var sample []mutant
	for i := 0; i < len(all); i += step {
		sample = append(sample, all[i])
	}
	all = sample
	var refused, failed atomic.Int64
	missed := make([]string, len(all))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, m := range all {
		group.Go(func() error {
			noticed, byLoading, err := m.noticed(t)
			switch {
			case err != nil:
				return err
			case !noticed:
				missed[i] = m.name
			case byLoading:
				refused.Add(1)
			default:
				failed.Add(1)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	missed = slices.DeleteFunc(missed, func(name string) bool { return name == "" })
	noticed := len(all) - len(missed)
	t.Logf("%d changes: %d noticed (%.1f %%), %d of them because a file of the runbook or of its tests is refused", len(all), noticed, 100*float64(noticed)/float64(len(all)), refused.Load())
	for _, name := range missed {
		t.Logf("not noticed: %s", name)
	}
	if float64(noticed) < least*float64(len(all)) {
		t.Errorf("%d of %d changes were not noticed; at least %.0f %% must be", len(missed), len(all), 100*least)
	}
}

// noticed reports whether the runbook does not load any more, a test fails, or
// something else is concluded.
func (m mutant) noticed(t *testing.T) (noticed, byLoading bool, err error) {
	changed, err := m.apply()
	if err != nil {
		return false, false, err
	}
	s, err := suite(changed, "tests")
	if err != nil {
		return true, true, nil
	}
	for _, test := range m.nearestFirst(s.Tests.Runs) {
		outcomes, diags := s.Run(t.Context(), func(other *rules.TestRun) bool { return other == test })
		if diags.HasErrors() || !outcomes[0].Passed() {
			return true, false, nil
		}
	}
	problems, err := concluded(t.Context(), s, sightings(), func(*engine.ConclusionReport) {})
	return len(problems) > 0, false, err
}

// nearestFirst begins with the tests of the changed file's step, whose names
// begin with the same figure: most changes are noticed there.
func (m mutant) nearestFirst(tests []*rules.TestRun) []*rules.TestRun {
	near := func(test *rules.TestRun) int {
		if path.Base(test.DeclRange.Filename)[0] == m.file[0] {
			return 0
		}
		return 1
	}
	return slices.SortedStableFunc(slices.Values(tests), func(a, b *rules.TestRun) int { return near(a) - near(b) })
}

// unchanged is m without its change.
func (m mutant) unchanged() mutant { return mutant{name: "nothing", file: m.file} }

// apply is the runbook's folder with the change.
func (m mutant) apply() (fs.FS, error) {
	changed := fstest.MapFS{}
	err := fs.WalkDir(checks.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := fs.ReadFile(checks.FS, name)
		changed[name] = &fstest.MapFile{Data: src}
		return err
	})
	if err != nil {
		return nil, err
	}
	src := changed[m.file].Data
	var out bytes.Buffer
	at := 0
	for _, e := range m.edits {
		out.Write(src[at:e.start])
		out.WriteString(e.text)
		at = e.end
	}
	out.Write(src[at:])
	changed[m.file] = &fstest.MapFile{Data: out.Bytes()}
	return changed, nil
}

// mutants are all changes of the shipped check files.
func mutants() ([]mutant, error) {
	names, err := fs.Glob(checks.FS, "*.hcl")
	if err != nil {
		return nil, err
	}
	var all []mutant
	for _, name := range names {
		src, err := fs.ReadFile(checks.FS, name)
		if err != nil {
			return nil, err
		}
		file, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
		if diags.HasErrors() {
			return nil, diags
		}
		g := mutator{name: name, src: src}
		body := file.Body.(*hclsyntax.Body)
		g.comparisons(body)
		for _, b := range body.Blocks {
			switch b.Type {
			case "check":
				g.check(b)
			case "conclusion":
				g.conclusion(b)
			}
		}
		all = append(all, g.mutants...)
	}
	return all, nil
}

type mutator struct {
	name    string
	src     []byte
	mutants []mutant
}

func (g *mutator) add(at hcl.Range, what string, edits ...edit) {
	g.mutants = append(g.mutants, mutant{name: fmt.Sprintf("%s:%d: %s", g.name, at.Start.Line, what), file: g.name, edits: edits})
}

func (g *mutator) text(r hcl.Range) string { return string(r.SliceBytes(g.src)) }

// turned is each comparison turned round.
var turned = []struct{ operator, opposite string }{
	{"==", "!="}, {"!=", "=="}, {">=", "<"}, {"<=", ">"}, {">", "<="}, {"<", ">="},
}

func (g *mutator) comparisons(body *hclsyntax.Body) {
	_ = hclsyntax.VisitAll(body, func(n hclsyntax.Node) hcl.Diagnostics {
		op, ok := n.(*hclsyntax.BinaryOpExpr)
		if !ok {
			return nil
		}
		start, end := op.LHS.Range().End.Byte, op.RHS.Range().Start.Byte
		between := string(g.src[start:end])
		for _, c := range turned {
			if i := strings.Index(between, c.operator); i >= 0 {
				g.add(op.Range(), fmt.Sprintf("%s with %s", g.text(op.Range()), c.opposite), edit{start + i, start + i + len(c.operator), c.opposite})
				break
			}
		}
		return nil
	})
}

func (g *mutator) check(b *hclsyntax.Block) {
	name := b.Labels[0]
	explained := []hcl.Range{b.Body.Attributes["explain"].Expr.Range()}
	for _, cause := range b.Body.Blocks {
		if cause.Type != "cause" {
			continue
		}
		g.add(cause.DefRange(), fmt.Sprintf("check.%s without the cause %q", name, cause.Labels[0]), edit{start: cause.Range().Start.Byte, end: cause.Body.Range().End.Byte})
		explained = append(explained, cause.Body.Attributes["explain"].Expr.Range())
	}
	for i := range explained[1:] {
		a, b := explained[i], explained[i+1]
		g.add(b, fmt.Sprintf("check.%s with this explanation and the one before it swapped", name),
			edit{a.Start.Byte, a.End.Byte, g.text(b)}, edit{b.Start.Byte, b.End.Byte, g.text(a)})
	}
	if attr := b.Body.Attributes["depends_on"]; attr != nil {
		g.shortened(attr.Expr.(*hclsyntax.TupleConsExpr), fmt.Sprintf("check.%s without waiting for", name))
	}
}

// conclusion leaves each cause out of the lists of a conclusion.
func (g *mutator) conclusion(b *hclsyntax.Block) {
	_ = hclsyntax.VisitAll(b.Body, func(n hclsyntax.Node) hcl.Diagnostics {
		if list, ok := n.(*hclsyntax.TupleConsExpr); ok {
			g.shortened(list, fmt.Sprintf("conclusion.%s without", b.Labels[0]))
		}
		return nil
	})
}

// shortened leaves out each element of a list.
func (g *mutator) shortened(list *hclsyntax.TupleConsExpr, what string) {
	for i, el := range list.Exprs {
		var others []string
		for j, other := range list.Exprs {
			if i != j {
				others = append(others, g.text(other.Range()))
			}
		}
		r := list.Range()
		g.add(r, what+" "+g.text(el.Range()), edit{r.Start.Byte, r.End.Byte, "[" + strings.Join(others, ", ") + "]"})
	}
}
