package offline

import (
	"bytes"
	"encoding/json"
	"io"
	"time"

	"github.com/linecheck/linecheck/rules/terminal"
)

// resultsVersion is the version of the JSON of test results.
const resultsVersion = "1.0"

type (
	jsonResults struct {
		FormatVersion string        `json:"format_version"`
		Linecheck     string        `json:"linecheck"`
		Passed        int           `json:"passed"`
		Failed        int           `json:"failed"`
		Tests         []jsonTest    `json:"tests"`
		Coverage      *jsonCoverage `json:"coverage"` // null: not wanted
	}
	jsonTest struct {
		Name        string           `json:"name"`
		Passed      bool             `json:"passed"`
		ElapsedMS   float64          `json:"elapsed_ms"`
		Range       jsonPlace        `json:"range"`
		Differences []jsonDifference `json:"differences"`
	}
	jsonPlace struct {
		Filename string `json:"filename"`
		Line     int    `json:"line"`
	}
	jsonDifference struct {
		Kind    DifferenceKind `json:"kind"`
		Address *string        `json:"address"`
		Want    *string        `json:"want"`
		Got     *string        `json:"got"`
		Note    *string        `json:"note"`
	}
	jsonCoverage struct {
		Ran        jsonTally   `json:"checks"`
		Causes     jsonTally   `json:"causes"`
		Conditions jsonTally   `json:"conditions"`
		Checks     []jsonCheck `json:"per_check"`
		Gaps       []jsonGap   `json:"gaps"`
	}
	jsonTally struct {
		Of   int `json:"of"`
		Done int `json:"covered"`
	}
	jsonCheck struct {
		Address string         `json:"address"`
		Status  map[string]int `json:"statuses"`
		Causes  map[string]int `json:"causes"`
	}
	jsonGap struct {
		Text  string    `json:"text"`
		Range jsonPlace `json:"range"`
	}
)

func writeJSON(w io.Writer, r *Results, o Options) error {
	doc := jsonResults{
		FormatVersion: resultsVersion, Linecheck: o.Version, Failed: r.Failed(), Passed: len(r.Outcomes) - r.Failed(),
		Tests: []jsonTest{},
	}
	for _, out := range r.Outcomes {
		at := out.Test.DeclRange
		test := jsonTest{
			Name: out.Test.Name, Passed: out.Passed(), ElapsedMS: milliseconds(out.Elapsed.Round(time.Microsecond)),
			Range: jsonPlace{at.Filename, at.Start.Line}, Differences: []jsonDifference{},
		}
		for _, d := range out.Differences {
			test.Differences = append(test.Differences, jsonDifference{d.Kind, orNull(d.Address), orNull(d.Want), orNull(d.Got), orNull(d.Note)})
		}
		doc.Tests = append(doc.Tests, test)
	}
	if r.Coverage != nil {
		doc.Coverage = coverageJSON(r.Coverage)
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return err
	}
	_, err := w.Write(terminal.JSON(buf.Bytes()))
	return err
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func coverageJSON(c *Coverage) *jsonCoverage {
	doc := &jsonCoverage{Ran: jsonTally(c.Ran()), Causes: jsonTally(c.Causes()), Conditions: jsonTally(c.Conditions()), Checks: []jsonCheck{}, Gaps: []jsonGap{}}
	for _, check := range c.Checks() {
		one := jsonCheck{Address: check.Address, Status: map[string]int{}, Causes: map[string]int{}}
		for status, n := range check.Statuses {
			one.Status[string(status)] = n
		}
		for _, cause := range check.Causes {
			one.Causes[cause.Name] = cause.Won
		}
		doc.Checks = append(doc.Checks, one)
	}
	for _, gap := range c.Gaps() {
		doc.Gaps = append(doc.Gaps, jsonGap{gap.Text, jsonPlace{gap.Range.Filename, gap.Range.Start.Line}})
	}
	return doc
}
