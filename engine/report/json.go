package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
)

func jsonFormat() Format {
	return Format{
		Name:  "json",
		Doc:   "everything, for programs; stable and versioned",
		Write: writeJSON,
	}
}

// jsonVersion is the version of the shape below.
const jsonVersion = "1.0"

type (
	jsonReport struct {
		FormatVersion string      `json:"format_version"`
		Linecheck     string      `json:"linecheck"`
		Runbook       jsonRunbook `json:"runbook"`
		StartedAt     string      `json:"started_at"`
		ElapsedMS     json.Number `json:"elapsed_ms"`
		Verdict       string      `json:"verdict"`
		Sites         []jsonSite  `json:"sites"`
	}
	jsonRunbook struct {
		Name     string   `json:"name"`
		Version  string   `json:"version"`
		Overlays []string `json:"overlays"`
	}
	jsonSite struct {
		Site        string           `json:"site"`
		Title       *string          `json:"title"`
		Verdict     string           `json:"verdict"`
		Reason      *string          `json:"reason"`
		Refused     []jsonProblem    `json:"refused"`
		Conclusions []jsonConclusion `json:"conclusions"`
		Vantages    []jsonVantage    `json:"vantages"`
	}
	// jsonProblem is an error of a profile. It has no range where it has no
	// place.
	jsonProblem struct {
		Summary string     `json:"summary"`
		Detail  string     `json:"detail"`
		Range   *jsonRange `json:"range"`
	}
	jsonConclusion struct {
		Name     string         `json:"name"`
		Explain  *string        `json:"explain"`
		Remedy   *string        `json:"remedy"`
		Evidence []jsonEvidence `json:"evidence"`
	}
	jsonVantage struct {
		Vantage    string          `json:"vantage"`
		Verdict    string          `json:"verdict"`
		Reason     *string         `json:"reason"`
		ElapsedMS  json.Number     `json:"elapsed_ms"`
		Layers     []jsonLayer     `json:"layers"`
		RootCauses []jsonRootCause `json:"root_causes"`
		Checks     []jsonCheck     `json:"checks"`
	}
	jsonLayer struct {
		Name   string `json:"name"`
		Status string `json:"status"`
	}
	jsonRootCause struct {
		Check       string         `json:"check"`
		Status      string         `json:"status"`
		Cause       *string        `json:"cause"`
		Explain     *string        `json:"explain"`
		Remedy      *string        `json:"remedy"`
		Evidence    []jsonEvidence `json:"evidence"`
		NotRuledOut []jsonDoubt    `json:"not_ruled_out"`
		Blocks      []string       `json:"blocks"`
	}
	jsonCheck struct {
		Address   string         `json:"address"`
		Title     *string        `json:"title"`
		Layer     *string        `json:"layer"`
		Status    string         `json:"status"`
		Target    any            `json:"target"`
		Kind      string         `json:"kind"`
		Result    any            `json:"result"`
		Cause     *string        `json:"cause"`
		Explain   *string        `json:"explain"`
		Remedy    *string        `json:"remedy"`
		Evidence  []jsonEvidence `json:"evidence"`
		BlockedBy []string       `json:"blocked_by"`
		Reason    *string        `json:"reason"`
		Waived    bool           `json:"waived"`
		Attempts  int            `json:"attempts"`
		StartedMS json.Number    `json:"started_ms"`
		ElapsedMS json.Number    `json:"elapsed_ms"`
		Range     jsonRange      `json:"range"`
	}
	jsonRange struct {
		Filename string `json:"filename"`
		Line     int    `json:"line"`
	}
	// jsonEvidence has no value where the reference was not observed.
	jsonEvidence struct {
		Ref   string          `json:"ref"`
		Value json.RawMessage `json:"value,omitempty"`
	}
	jsonDoubt struct {
		Cause   string   `json:"cause"`
		Explain *string  `json:"explain"`
		Missing []string `json:"missing"`
		Problem *string  `json:"problem"`
	}
)

func writeJSON(w io.Writer, r *engine.Report, o Options) error {
	var compact, doc bytes.Buffer
	enc := json.NewEncoder(&compact)
	enc.SetEscapeHTML(false)
	err := enc.Encode(jsonReport{
		FormatVersion: jsonVersion,
		Linecheck:     o.Version,
		Runbook:       jsonRunbook{r.Runbook.Name, r.Runbook.Version, list(r.Runbook.Overlays)},
		StartedAt:     r.StartedAt.Format(time.RFC3339Nano),
		ElapsedMS:     milliseconds(r.Elapsed),
		Verdict:       string(r.Verdict()),
		Sites:         each(r.Sites, toJSONSite),
	})
	if err != nil {
		return fmt.Errorf("encode the report: %w", err)
	}
	// The encoder's own indentation would let its buffer grow again and again.
	doc.Grow(int(indented * float64(compact.Len())))
	if err := json.Indent(&doc, compact.Bytes(), "", "  "); err != nil {
		return fmt.Errorf("encode the report: %w", err)
	}
	_, err = w.Write(escapeC1(doc.Bytes()))
	return err
}

// indented is how many times as long a report becomes by indentation, with some
// room: its lines are short and deep, and 2.2 times are usual.
const indented = 2.5

func toJSONSite(s *engine.SiteReport) jsonSite {
	return jsonSite{
		Site:        s.Name,
		Title:       text(s.Title),
		Verdict:     string(s.Verdict()),
		Reason:      text(refusal(s)),
		Refused:     each(problems(s), toJSONProblem),
		Conclusions: each(s.Conclusions, toJSONConclusion),
		Vantages:    each(s.Vantages, toJSONVantage),
	}
}

func toJSONProblem(d *hcl.Diagnostic) jsonProblem {
	p := jsonProblem{Summary: d.Summary, Detail: d.Detail}
	if d.Subject != nil {
		p.Range = &jsonRange{d.Subject.Filename, d.Subject.Start.Line}
	}
	return p
}

func toJSONConclusion(c *engine.ConclusionReport) jsonConclusion {
	return jsonConclusion{
		Name:     c.Name,
		Explain:  text(c.Explain),
		Remedy:   text(c.Remedy),
		Evidence: each(c.Evidence, toJSONEvidence),
	}
}

func toJSONVantage(v *engine.VantageReport) jsonVantage {
	return jsonVantage{
		Vantage:    v.Name,
		Verdict:    string(v.Verdict()),
		Reason:     text(v.Reason),
		ElapsedMS:  milliseconds(v.Elapsed),
		Layers:     each(v.Layers(), func(l engine.LayerReport) jsonLayer { return jsonLayer{l.Name, string(l.Status)} }),
		RootCauses: each(v.RootCauses(), toJSONRootCause),
		Checks:     each(v.Checks, toJSONCheck),
	}
}

func toJSONRootCause(c *engine.CheckReport) jsonRootCause {
	return jsonRootCause{
		Check:       c.Address,
		Status:      string(c.Status),
		Cause:       text(c.Cause),
		Explain:     text(why(c)),
		Remedy:      text(c.Remedy),
		Evidence:    each(c.Evidence, toJSONEvidence),
		NotRuledOut: each(c.NotRuledOut, toJSONDoubt),
		Blocks:      list(c.Blocks),
	}
}

func toJSONCheck(c *engine.CheckReport) jsonCheck {
	result, known := plain(c.Result)
	if !known {
		result = struct{}{}
	}
	target, _ := plain(c.Target)
	return jsonCheck{
		Address:   c.Address,
		Title:     text(c.Title),
		Layer:     text(c.Layer),
		Status:    string(c.Status),
		Target:    target,
		Kind:      c.Kind,
		Result:    result,
		Cause:     text(c.Cause),
		Explain:   text(c.Explain),
		Remedy:    text(c.Remedy),
		Evidence:  each(c.Evidence, toJSONEvidence),
		BlockedBy: list(c.BlockedBy),
		Reason:    text(c.Reason),
		Waived:    c.Waived,
		Attempts:  c.Attempts,
		StartedMS: milliseconds(c.Started),
		ElapsedMS: milliseconds(c.Elapsed),
		Range:     jsonRange{c.Range.Filename, c.Range.Start.Line},
	}
}

func toJSONEvidence(e engine.Evidence) jsonEvidence {
	v, known := plain(e.Value)
	if !known {
		return jsonEvidence{Ref: e.Ref}
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		// plain makes nothing but maps, slices, strings, numbers and bools.
		panic(err)
	}
	return jsonEvidence{e.Ref, bytes.TrimSpace(buf.Bytes())}
}

func toJSONDoubt(d engine.Doubt) jsonDoubt {
	return jsonDoubt{d.Cause, text(d.Explain), list(d.Missing), text(d.Problem)}
}

// text makes a null of a text that is not there.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// list is s, never null.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// each is a list, never null, of what convert makes of the elements of s.
func each[T, U any](s []T, convert func(T) U) []U {
	converted := make([]U, len(s))
	for i := range s {
		converted[i] = convert(s[i])
	}
	return converted
}

// milliseconds writes d to the microsecond, which is finer than any of our
// measurements mean.
func milliseconds(d time.Duration) json.Number {
	return number(float64(d.Microseconds())/1000, 3)
}

// escapeC1 writes DEL and the C1 control characters of an encoded document as
// escapes. JSON allows them as they are, but a terminal may obey them, and a
// report holds what strangers sent. Outside of strings they do not occur.
func escapeC1(doc []byte) []byte {
	var escaped []byte
	done := 0
	for i, b := range doc {
		var control byte
		switch {
		case b == 0x7f:
			control = b
		case b == 0xc2 && i+1 < len(doc) && doc[i+1] < 0xa0: // UTF-8 of U+0080 to U+009F
			control = doc[i+1]
		default:
			continue
		}
		escaped = append(escaped, doc[done:i]...)
		escaped = fmt.Appendf(escaped, `\u%04x`, control)
		done = i + 1
		if b == 0xc2 {
			done++
		}
	}
	if done == 0 {
		return doc
	}
	return append(escaped, doc[done:]...)
}
