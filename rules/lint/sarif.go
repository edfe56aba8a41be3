package lint

import (
	"bytes"
	"io"
	"net/url"
	"path"
	"slices"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// The parts of SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format)
// that findings need.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool struct {
			Driver sarifDriver `json:"driver"`
		} `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifDriver struct {
		Name            string      `json:"name"`
		SemanticVersion string      `json:"semanticVersion"`
		Rules           []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string      `json:"id"`
		ShortDescription     sarifText   `json:"shortDescription"`
		FullDescription      sarifText   `json:"fullDescription"`
		Help                 sarifText   `json:"help"`
		DefaultConfiguration sarifConfig `json:"defaultConfiguration"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifConfig struct {
		Level string `json:"level"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		PhysicalLocation struct {
			ArtifactLocation struct {
				URI string `json:"uri"`
			} `json:"artifactLocation"`
			Region sarifRegion `json:"region"`
		} `json:"physicalLocation"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
)

const sarifLevel = "warning"

// SARIF writes findings in the format that code hosts and editors read, version
// 2.1.0. The version is that of linecheck; the files are those of the runbook,
// to count columns in.
func SARIF(w io.Writer, findings []Finding, version string, files map[string][]byte) error {
	all := All()
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: make([]sarifResult, 0, len(findings))}
	run.Tool.Driver = sarifDriver{Name: "linecheck", SemanticVersion: version}
	for _, r := range all {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			r.ID, sarifText{r.Summary}, sarifText{r.Doc}, sarifText{r.Hint}, sarifConfig{sarifLevel},
		})
	}
	for _, f := range findings {
		var at sarifLocation
		at.PhysicalLocation.ArtifactLocation.URI = fileURI(f.Range.Filename)
		at.PhysicalLocation.Region = region(f.Range, files[f.Range.Filename])
		run.Results = append(run.Results, sarifResult{
			f.Rule.ID, slices.Index(all, f.Rule), sarifLevel, sarifText{f.Message + " " + f.Rule.Hint}, []sarifLocation{at},
		})
	}
	return writeJSON(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

// fileURI is the name of a file as a URI: relative to the folder that linecheck
// was started in, or absolute.
func fileURI(name string) string {
	u := url.URL{Path: name}
	if path.IsAbs(name) {
		u.Scheme = "file"
	}
	return u.String()
}

// region is a range with columns in code points; HCL counts what a reader takes
// for one character.
func region(rng hcl.Range, src []byte) sarifRegion {
	column := func(pos hcl.Pos) int {
		if pos.Byte > len(src) {
			return pos.Column
		}
		start := bytes.LastIndexByte(src[:pos.Byte], '\n') + 1
		return 1 + utf8.RuneCount(src[start:pos.Byte])
	}
	return sarifRegion{rng.Start.Line, column(rng.Start), rng.End.Line, column(rng.End)}
}
