package offline

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/diagnostic"
)

// A recording may come from a stranger. What a run of ten thousand checks
// leaves is far below these bounds.
const (
	maxRecording = 64 << 20 // bytes
	maxLine      = 4 << 20
	maxAnswers   = 200_000
	maxRun       = 366 * 24 * 3600 * 1000 // milliseconds
)

// Read reads a recording. name stands in the errors, of which each has its line.
func Read(name string, r io.Reader) (*Recording, hcl.Diagnostics) {
	src, err := io.ReadAll(io.LimitReader(r, maxRecording+1))
	switch {
	case err != nil:
		return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Unreadable recording", Detail: fmt.Sprintf("%s can't be read: %v.", name, err)}}
	case len(src) > maxRecording:
		return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Recording too big", Detail: fmt.Sprintf("%s is bigger than %d MiB.", name, maxRecording>>20)}}
	}
	p := recordingParser{name: name, rec: &Recording{name: name}}
	for offset := 0; offset < len(src); {
		end := bytes.IndexByte(src[offset:], '\n')
		if end < 0 {
			end = len(src) - offset
		}
		p.line++
		p.at = hcl.Range{Filename: name,
			Start: hcl.Pos{Line: p.line, Column: 1, Byte: offset},
			End:   hcl.Pos{Line: p.line, Column: 1 + min(end, 1), Byte: offset + min(end, 1)}}
		if d := p.parse(bytes.TrimSpace(src[offset : offset+end])); d != nil {
			return nil, hcl.Diagnostics{d}
		}
		offset += end + 1
	}
	switch {
	case !p.begun:
		return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Not a recording", Detail: fmt.Sprintf("%s is empty. A recording is what \"linecheck run --record FILE\" writes.", name)}}
	case len(p.rec.Places) == 0:
		return nil, hcl.Diagnostics{diagnostic.ErrorAt(p.at, "Recording cut off", "No place follows the head: the file holds nothing to be judged.")}
	}
	p.rec.join()
	return p.rec, nil
}

type recordingParser struct {
	name  string
	rec   *Recording
	line  int
	at    hcl.Range
	begun bool // the head was read
	count int  // of answers
}

func (p *recordingParser) parse(text []byte) *hcl.Diagnostic {
	if len(text) == 0 {
		return nil
	}
	if len(text) > maxLine {
		return diagnostic.ErrorAt(p.at, "Line too long", "A line of a recording has at most %d MiB.", maxLine>>20)
	}
	if !utf8.Valid(text) {
		return diagnostic.ErrorAt(p.at, "Not UTF-8", "This line is not UTF-8: the file is damaged, or no recording.")
	}
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return diagnostic.ErrorAt(p.at, "Not a recording", "This line is not what \"linecheck run --record FILE\" writes: %s.", jsonProblem(err))
	}
	switch {
	case !p.begun && l.Recording == nil:
		return diagnostic.ErrorAt(p.at, "Not a recording", "The file does not begin with {\"recording\": …}, as what \"linecheck run --record FILE\" writes does.")
	case p.begun && l.Recording != nil:
		return diagnostic.ErrorAt(p.at, "Second head", "A recording has one head, in its first line. Two files may have been put together.")
	case l.Recording != nil:
		return p.head(l.Recording)
	case l.Place != nil:
		return p.place(l.Place)
	case l.Answer != nil:
		return p.answer(l.Answer)
	}
	return nil // of a later version
}

func (p *recordingParser) head(h *Head) *hcl.Diagnostic {
	p.begun = true
	p.rec.Head = *h
	major, _, _ := strings.Cut(h.FormatVersion, ".")
	ours, _, _ := strings.Cut(formatVersion, ".")
	if major != ours {
		return diagnostic.ErrorAt(p.at, "Recording of another version", "This recording has the format version %q; this linecheck reads %s.x. Use the linecheck that wrote it: %q.", h.FormatVersion, ours, h.Linecheck)
	}
	return nil
}

func (p *recordingParser) place(place *Place) *hcl.Diagnostic {
	if place.Site == "" || place.Vantage == "" {
		return diagnostic.ErrorAt(p.at, "Incomplete place", "A place has a site and a vantage.")
	}
	if len(p.rec.choose(place.Site, place.Vantage)) > 0 {
		return diagnostic.ErrorAt(p.at, "Duplicate place", "Vantage %q of site %q stands in this recording already.", place.Vantage, place.Site)
	}
	place.at = p.at
	if place.StartedAt.IsZero() {
		place.StartedAt = p.rec.RecordedAt
	}
	p.rec.Places = append(p.rec.Places, place)
	return nil
}

func (p *recordingParser) answer(a *Answer) *hcl.Diagnostic {
	if p.count++; p.count > maxAnswers {
		return diagnostic.ErrorAt(p.at, "Too many answers", "A recording has at most %d answers.", maxAnswers)
	}
	switch {
	case len(p.rec.Places) == 0:
		return diagnostic.ErrorAt(p.at, "Answer from nowhere", "An answer stands behind the place that it was had at.")
	case a.Address == "" || a.Kind == "":
		return diagnostic.ErrorAt(p.at, "Incomplete answer", "An answer has the address of its check or fact and the kind of the probe.")
	case !isTime(a.StartedMS) || !isTime(a.ElapsedMS):
		return diagnostic.ErrorAt(p.at, "Impossible time", "The answer for %s began %g ms after the start and took %g ms. Both are at least 0 and at most a year.", a.Address, a.StartedMS, a.ElapsedMS)
	case (a.Error == "") == (a.Result == nil):
		return diagnostic.ErrorAt(p.at, "Incomplete answer", "The answer for %s has either a result or an error.", a.Address)
	}
	a.at = p.at
	place := p.rec.Places[len(p.rec.Places)-1]
	place.Answers = append(place.Answers, a)
	return nil
}

// isTime reports whether a run can have lasted so many milliseconds.
func isTime(ms float64) bool { return 0 <= ms && ms <= maxRun }

// jsonProblem puts an error of encoding/json into words.
func jsonProblem(err error) string {
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("%v at byte %d of the line", err, syntax.Offset)
	case errors.As(err, &typ):
		return fmt.Sprintf("%s must not be a JSON %s", typ.Field, typ.Value)
	}
	return err.Error()
}
