package lint

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/terminal"
)

// jsonVersion is that of what JSON writes: a later minor version only adds.
const jsonVersion = "1.0"

// JSON writes findings for a program: where they are, which rule found them and
// what to do. Lists are never null.
func JSON(w io.Writer, findings []Finding) error {
	type position struct {
		Line   int `json:"line"`   // from 1
		Column int `json:"column"` // from 1, in characters
		Byte   int `json:"byte"`   // from 0
	}
	type span struct {
		Filename string   `json:"filename"`
		Start    position `json:"start"`
		End      position `json:"end"` // behind the last character
	}
	type finding struct {
		Rule    string `json:"rule"`
		Summary string `json:"summary"`
		Message string `json:"message"`
		Hint    string `json:"hint"`
		Range   span   `json:"range"`
	}
	doc := struct {
		FormatVersion string    `json:"format_version"`
		FindingCount  int       `json:"finding_count"`
		Findings      []finding `json:"findings"`
	}{jsonVersion, len(findings), make([]finding, 0, len(findings))}
	at := func(p hcl.Pos) position { return position(p) }
	for _, f := range findings {
		doc.Findings = append(doc.Findings, finding{f.Rule.ID, f.Rule.Summary, f.Message, f.Rule.Hint,
			span{f.Range.Filename, at(f.Range.Start), at(f.Range.End)}})
	}
	return writeJSON(w, doc)
}

func writeJSON(w io.Writer, doc any) error {
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
