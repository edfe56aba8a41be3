package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/terminal"
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
		Interrupted   bool        `json:"interrupted"`
		Replayed      *jsonReplay `json:"replayed"` // null for a run
		Verdict       string      `json:"verdict"`
		jsonScope
		Sites []jsonSite `json:"sites"`
	}
	// jsonScope counts the steps that apply, and those of them that were looked
	// at.
	jsonScope struct {
		LookedAt int `json:"looked_at"`
		Steps    int `json:"steps"`
	}
	// jsonReplay says what was recorded with: the rest of the report is about the
	// rules that judge.
	jsonReplay struct {
		File       string `json:"file"`
		RecordedAt string `json:"recorded_at"`
		Linecheck  string `json:"linecheck"`
		Runbook    struct {
			Name    string `json:"name"`
			Version string `json:"version"`
		} `json:"runbook"`
		Interrupted bool `json:"interrupted"`
	}
	jsonRunbook struct {
		Name     string   `json:"name"`
		Version  string   `json:"version"`
		Overlays []string `json:"overlays"`
	}
	jsonSite struct {
		Site    string  `json:"site"`
		Title   *string `json:"title"`
		Verdict string  `json:"verdict"`
		jsonScope
		Reason      *string          `json:"reason"`
		Refused     []jsonProblem    `json:"refused"`
		Conclusions []jsonConclusion `json:"conclusions"`
		Vantages    []jsonVantage    `json:"vantages"`
		Unseen      []string         `json:"unseen_vantages"` // left out
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
		Vantage string `json:"vantage"`
		Verdict string `json:"verdict"`
		jsonScope
		Reason     *string         `json:"reason"`
		StartedAt  string          `json:"started_at"`
		ElapsedMS  json.Number     `json:"elapsed_ms"`
		Layers     []jsonLayer     `json:"layers"`
		RootCauses []jsonRootCause `json:"root_causes"`
		Checks     []jsonCheck     `json:"checks"`
		Empty      []string        `json:"empty"` // checks whose for_each is
	}
	jsonLayer struct {
		Name   string `json:"name"`
		Status string `json:"status"`
		jsonScope
	}
	// jsonWaiver is what a site's profile says of a check; one that ran out
	// waives nothing. Without an end expires is null.
	jsonWaiver struct {
		Reason  string  `json:"reason"`
		Expires *string `json:"expires"`
		Expired bool    `json:"expired"`
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
		Untried     []string       `json:"untried"` // skipped, and before this one
	}
	jsonCheck struct {
		Address     string         `json:"address"`
		Title       *string        `json:"title"`
		Layer       *string        `json:"layer"`
		Status      string         `json:"status"`
		Target      any            `json:"target"`
		Kind        string         `json:"kind"`
		Result      any            `json:"result"`
		Cause       *string        `json:"cause"`
		Explain     *string        `json:"explain"`
		Remedy      *string        `json:"remedy"`
		Evidence    []jsonEvidence `json:"evidence"`
		BlockedBy   []string       `json:"blocked_by"`
		Reason      *string        `json:"reason"`
		Skip        *string        `json:"skip"` // why it was skipped, a word
		Waived      bool           `json:"waived"`
		Waiver      *jsonWaiver    `json:"waiver"`
		Interrupted bool           `json:"interrupted"`
		Attempts    int            `json:"attempts"`
		TimedOutMS  *json.Number   `json:"timed_out_ms"` // its own time, where that was up
		StartedMS   json.Number    `json:"started_ms"`
		ElapsedMS   json.Number    `json:"elapsed_ms"`
		Range       jsonRange      `json:"range"`
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

// writeJSON writes the report site by site, so that the document of a thousand
// of them is never in memory as a whole.
func writeJSON(w io.Writer, r *engine.Report, o Options) error {
	head := jsonReport{
		FormatVersion: jsonVersion,
		Linecheck:     o.Version,
		Runbook:       jsonRunbook{r.Runbook.Name, r.Runbook.Version, list(r.Runbook.Overlays)},
		StartedAt:     r.StartedAt.Format(time.RFC3339Nano),
		ElapsedMS:     milliseconds(r.Elapsed),
		Interrupted:   r.Interrupted,
		Replayed:      toJSONReplay(r.Replayed),
		Verdict:       string(r.Verdict()),
		jsonScope:     toJSONScope(r.Scope()),
		Sites:         []jsonSite{},
	}
	var doc jsonWriter
	whole, err := doc.encode(head, "")
	if err != nil || len(r.Sites) == 0 {
		return write(w, whole, "\n", err)
	}
	// The sites are the last of the report, so that it ends as an empty list
	// of them does.
	if err := write(w, bytes.TrimSuffix(whole, []byte(noSites)), "", nil); err != nil {
		return err
	}
	before := "[\n" + siteIndent
	for _, s := range r.Sites {
		if _, err := io.WriteString(w, before); err != nil {
			return err
		}
		site, err := doc.encode(toJSONSite(s), siteIndent)
		if err := write(w, site, "", err); err != nil {
			return err
		}
		before = ",\n" + siteIndent
	}
	_, err = io.WriteString(w, "\n  ]\n}\n")
	return err
}

const (
	noSites    = "[]\n}"
	siteIndent = "    "
)

// write writes a part of a document, and what stands behind it, unless the part
// could not be made.
func write(w io.Writer, part []byte, behind string, err error) error {
	if err == nil {
		_, err = w.Write(append(part, behind...))
	}
	return err
}

// A jsonWriter encodes parts of a document, one after the other.
type jsonWriter struct{ compact, indented bytes.Buffer }

// encode is a part whose first line is indented already. It is of use until the
// next one is encoded.
func (j *jsonWriter) encode(part any, indent string) ([]byte, error) {
	j.compact.Reset()
	j.indented.Reset()
	enc := json.NewEncoder(&j.compact)
	enc.SetEscapeHTML(false)
	err := enc.Encode(part)
	if err == nil {
		err = json.Indent(&j.indented, bytes.TrimSpace(j.compact.Bytes()), indent, "  ")
	}
	if err != nil {
		return nil, fmt.Errorf("encode the report: %w", err)
	}
	return terminal.JSON(j.indented.Bytes()), nil
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
