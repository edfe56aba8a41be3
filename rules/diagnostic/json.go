package diagnostic

import (
	"bytes"
	"encoding/json"
	"io"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/terminal"
)

// formatVersion is that of Terraform's validate -json: a later minor version
// only adds.
const formatVersion = "1.0"

type document struct {
	FormatVersion string       `json:"format_version"`
	Valid         bool         `json:"valid"`
	ErrorCount    int          `json:"error_count"`
	WarningCount  int          `json:"warning_count"`
	Diagnostics   []diagnostic `json:"diagnostics"`
}

type diagnostic struct {
	Severity string   `json:"severity"`
	Summary  string   `json:"summary"`
	Detail   string   `json:"detail"`
	Range    *span    `json:"range,omitempty"`
	Snippet  *snippet `json:"snippet,omitempty"`
}

type span struct {
	Filename string   `json:"filename"`
	Start    position `json:"start"`
	End      position `json:"end"`
}

type position struct {
	Line   int `json:"line"`   // from 1
	Column int `json:"column"` // from 1, in characters
	Byte   int `json:"byte"`   // from 0
}

// A snippet quotes the lines of the place. Its offsets are bytes of code (as
// what Terraform writes has them, though its documentation says characters).
type snippet struct {
	Context   *string `json:"context"`
	Code      string  `json:"code"`
	StartLine int     `json:"start_line"`
	Start     int     `json:"highlight_start_offset"`
	End       int     `json:"highlight_end_offset"`
	Values    []value `json:"values"`
}

// maxCode bounds the code of a snippet, in bytes; of longer code the part
// around the subject is quoted.
const maxCode = 4096

// JSON writes all diagnostics in the shape of terraform validate -json. A
// diagnostic without a place has no range and no snippet, one whose file is not
// among files no snippet.
func JSON(w io.Writer, diags hcl.Diagnostics, files map[string][]byte) error {
	doc := document{FormatVersion: formatVersion, Diagnostics: make([]diagnostic, 0, len(diags))}
	lib := newLibrary(files)
	for _, d := range diags {
		severity := "error"
		if d.Severity == hcl.DiagWarning {
			severity = "warning"
			doc.WarningCount++
		} else {
			doc.ErrorCount++
		}
		out := diagnostic{Severity: severity, Summary: d.Summary, Detail: d.Detail}
		if d.Subject != nil {
			rng := nonEmpty(*d.Subject)
			out.Range = &span{Filename: rng.Filename, Start: position(rng.Start), End: position(rng.End)}
			_, hidden := hcl.DiagnosticExtra[Confidential](d)
			if src := lib.source(rng.Filename); src != nil && !hidden {
				out.Snippet = newSnippet(src, rng, d)
			}
		}
		doc.Diagnostics = append(doc.Diagnostics, out)
	}
	doc.Valid = doc.ErrorCount == 0

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

// nonEmpty is a range of at least one byte: where nothing stands, what is
// missing is shown as one.
func nonEmpty(rng hcl.Range) hcl.Range {
	if rng.End == (hcl.Pos{}) {
		rng.End = rng.Start
	}
	if rng.Empty() {
		rng.End.Byte++
		rng.End.Column++
	}
	return rng
}

func newSnippet(src *source, rng hcl.Range, d *hcl.Diagnostic) *snippet {
	from, to := src.clamp(rng)
	first, last := src.lineAt(from), src.lineAt(max(from, to-1))
	if d.Context != nil {
		a, b := src.clamp(*d.Context)
		first, last = min(first, src.lineAt(a)), max(last, src.lineAt(max(a, b-1)))
	}
	begin := src.lines[first]
	end := src.lines[last] + len(src.line(last))
	if end-begin > maxCode {
		begin = terminal.RuneStart(src.src, max(begin, from-maxCode/2))
		end = terminal.RuneStart(src.src, min(end, begin+maxCode))
	}
	from, to = min(max(from, begin), end), min(max(to, begin), end)

	valid := func(b []byte) []byte {
		return bytes.ToValidUTF8(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), []byte(string(utf8.RuneError)))
	}
	before, subject, after := valid(src.src[begin:from]), valid(src.src[from:to]), valid(src.src[to:end])
	s := &snippet{
		Code:      string(before) + string(subject) + string(after),
		StartLine: src.lineAt(begin) + 1,
		Start:     len(before),
		End:       len(before) + len(subject),
		Values:    valuesOf(d),
	}
	if s.Values == nil {
		s.Values = []value{}
	}
	if block := src.block(from); block != "" {
		s.Context = &block
	}
	return s
}
