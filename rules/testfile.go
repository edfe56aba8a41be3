package rules

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/internal/decode"
	"github.com/linecheck/linecheck/rules/internal/syntax"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// Tests are the offline tests of a runbook, in the order of their files and
// lines. Package offline runs them.
type Tests struct {
	Runs []*TestRun
	// Mocks are the results that runs without a recording share, the weaker
	// before those that lie over them.
	Mocks []*GivenResult
}

// A TestRun is one test: what is observed, and what must follow.
type TestRun struct {
	Name        string
	Description string
	Site        string // "" for none
	Vantage     string
	Vars        []VarValue // over the profile's
	Recording   string     // path of a file within the folder of tests; "" for none
	Results     []*GivenResult
	Expect      *Expectation
	Folder      Overlay // that it was read from
	DeclRange   hcl.Range

	SiteRange, VantageRange, RecordingRange hcl.Range
}

// A GivenResult is what one probe observes in a test.
type GivenResult struct {
	// Address is that of a check or fact, or of one instance; without a key it
	// is meant for all instances that have no result of their own.
	Address string
	Kind    *language.Kind // of the probe; nil beside an Error
	// Result is of the kind's ResultType; what the file leaves out is unknown.
	// It is NilVal beside an Error.
	Result    cty.Value
	Error     string // why the question could not be asked
	DeclRange hcl.Range
}

// An Expectation is what a report must say.
type Expectation struct {
	Verdict string // "": not looked at
	// RootCauses are the addresses of all; nil: not looked at.
	RootCauses []string
	Checks     []*ExpectedCheck
	Layers     []ExpectedLayer
	DeclRange  hcl.Range
}

// An ExpectedLayer is what a report must say of one layer.
type ExpectedLayer struct{ Name, Status string }

// An ExpectedCheck is what a report must say of one check. "", nil and NilVal
// mean that something is not looked at.
type ExpectedCheck struct {
	Address     string // without a key: of every instance
	Status      string
	Skip        string    // why it was skipped
	Cause       cty.Value // null: none
	Explain     string    // patterns
	Remedy      string
	Reason      string
	NotRuledOut []string
	Evidence    map[string]cty.Value // by reference
	DeclRange   hcl.Range
}

const (
	testSuffix = ".test.hcl"
	mockSuffix = ".mock.hcl"
)

// LoadTests reads the tests of a runbook and holds them against it. The tests
// are those of the last folder; shared results are read from all folders, those
// of a later one lying over those of an earlier. A folder that is not there is
// empty. The bytes of the files are added to rb.Files, for diagnostics to quote.
func LoadTests(rb *Runbook, folders ...Overlay) (*Tests, hcl.Diagnostics) {
	tests := &Tests{}
	diags := rb.unread()
	if diags.HasErrors() {
		return tests, diags
	}
	var all []*syntax.Source
	for i, folder := range folders {
		runs, mocks, more := readTests(folder)
		diags = append(diags, more...)
		if i < len(folders)-1 {
			runs = nil
		}
		all = append(append(all, mocks...), runs...)
		syntax.ParseAll(mocks, language.MockFile)
		syntax.ParseAll(runs, language.TestFile)
		d := testDecoder{siteDecoder{rb: rb}}
		tests.Mocks = append(tests.Mocks, d.mocks(mocks)...)
		tests.Runs = append(tests.Runs, d.runs(runs, folder)...)
		diags = append(diags, d.Diags...)
	}
	for _, s := range all {
		rb.Files[s.Name] = s.Src
		diags = append(diags, s.Diags...)
	}
	return tests, diagnostic.Sort(diags, syntax.NamesOf(all))
}

// readTests reads the files of a folder of tests.
func readTests(folder Overlay) (runs, mocks []*syntax.Source, diags hcl.Diagnostics) {
	entries, err := fs.ReadDir(language.OrNone(folder.FS), ".")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, nil // no tests, which whoever wants some says
	case err != nil:
		return nil, nil, hcl.Diagnostics{language.Unreadable(folder.Name, err)}
	}
	for _, e := range entries {
		name := e.Name()
		isTest, isMock := strings.HasSuffix(name, testSuffix), strings.HasSuffix(name, mockSuffix)
		if strings.HasPrefix(name, ".") {
			continue
		}
		s := &syntax.Source{Overlay: folder.Name, Name: folder.Path(name)}
		if !isTest && !isMock {
			if strings.HasSuffix(strings.TrimSuffix(name, ".json"), ".hcl") {
				diags = append(diags, diagnostic.Error("Not a test file", "%s is neither called NAME%s nor NAME%s, the only files that are read in a folder of tests. Rename it, or move it.", s.Name, testSuffix, mockSuffix))
			}
			continue
		}
		var d *hcl.Diagnostic
		if s.Src, d = language.ReadFile(folder.FS, name, s.Name); d != nil {
			diags = append(diags, d)
			continue
		}
		if isTest {
			runs = append(runs, s)
		} else {
			mocks = append(mocks, s)
		}
	}
	return runs, mocks, diags
}

// A testDecoder turns the blocks of test files into their nouns.
type testDecoder struct{ siteDecoder }

func (d *testDecoder) mocks(files []*syntax.Source) []*GivenResult {
	var mocks []*GivenResult
	first := map[string]hcl.Range{}
	for _, s := range files {
		for _, b := range d.Blocks(s, language.MockFile) {
			g := d.given(b)
			if g == nil {
				continue
			}
			if at, twice := first[g.Address]; twice {
				d.Diags = append(d.Diags, decode.Again("result", b.DefRange(), at))
				continue
			}
			first[g.Address] = b.DefRange()
			mocks = append(mocks, g)
		}
	}
	return mocks
}

func (d *testDecoder) runs(files []*syntax.Source, folder Overlay) []*TestRun {
	var runs []*TestRun
	first := map[string]hcl.Range{}
	for _, s := range files {
		for _, b := range d.Blocks(s, language.TestFile) {
			if at, twice := first[b.Labels[0]]; twice {
				d.Diags = append(d.Diags, decode.Again("run", b.DefRange(), at))
				continue
			}
			first[b.Labels[0]] = b.DefRange()
			run := d.run(d.Reader(language.RunBlock, b))
			run.Folder = folder
			runs = append(runs, run)
		}
	}
	return runs
}

func (d *testDecoder) run(r decode.Reader) *TestRun {
	run := &TestRun{
		Name: r.Name(), Description: r.Str("description"),
		Site: r.Str("site"), Vantage: r.Str("vantage"), Recording: r.Str("recording"),
		Vars: d.vars(r), DeclRange: r.Block.DefRange(),
		SiteRange: r.RangeOf("site"), VantageRange: r.RangeOf("vantage"), RecordingRange: r.RangeOf("recording"),
	}
	if run.Recording != "" && !fs.ValidPath(path.Clean(run.Recording)) {
		d.ErrorAt(run.RecordingRange, "Recording elsewhere", "A recording is a file in the folder of the tests or below it, written with slashes: %q is not.", run.Recording)
		run.Recording = ""
	}
	run.Recording = strings.TrimPrefix(path.Clean("/"+run.Recording), "/")
	if run.Vantage != "" && run.Site == "" {
		d.ErrorAt(run.VantageRange, "Vantage without a site", "A vantage is one of a site: name the site as well, site = \"NAME\".")
	}
	seen := map[string]hcl.Range{}
	for _, b := range r.Block.Body.Blocks {
		switch {
		case b.Type == language.ResultBlock.Name && len(b.Labels) == 1:
			g := d.given(b)
			if g == nil {
				continue
			}
			if at, twice := seen[g.Address]; twice {
				if b.Labels[0] != g.Address { // else said already
					d.Diags = append(d.Diags, decode.Again("result", b.DefRange(), at))
				}
				continue
			}
			seen[g.Address] = b.DefRange()
			run.Results = append(run.Results, g)
		case b.Type == language.ExpectBlock.Name && run.Expect == nil:
			run.Expect = d.expect(d.Reader(language.ExpectBlock, b))
		}
	}
	if run.Expect == nil {
		run.Expect = &Expectation{DeclRange: run.DeclRange} // said already
	}
	return run
}
