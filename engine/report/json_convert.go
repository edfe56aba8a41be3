package report

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
)

func toJSONSite(s *engine.SiteReport) jsonSite {
	return jsonSite{
		Site:        s.Name,
		Title:       text(s.Title),
		Verdict:     string(s.Verdict()),
		jsonScope:   toJSONScope(s.Scope()),
		Reason:      text(refusal(s)),
		Refused:     each(problems(s), toJSONProblem),
		Conclusions: each(s.Conclusions, toJSONConclusion),
		Vantages:    each(s.Vantages, toJSONVantage),
		Unseen:      list(s.Unseen),
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
		jsonScope:  toJSONScope(v.Scope()),
		Reason:     text(v.Reason),
		StartedAt:  v.StartedAt.Format(time.RFC3339Nano),
		ElapsedMS:  milliseconds(v.Elapsed),
		Layers:     each(v.Layers(), func(l engine.LayerReport) jsonLayer { return jsonLayer{l.Name, string(l.Status), toJSONScope(l.Scope)} }),
		RootCauses: each(v.RootCauses(), toJSONRootCause),
		Checks:     each(v.Checks, toJSONCheck),
		Empty:      list(v.Empty),
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
		Untried:     list(c.Untried),
	}
}

func toJSONScope(s engine.Scope) jsonScope { return jsonScope{s.Looked, s.Of} }

func toJSONWaiver(w *engine.WaiverReport) *jsonWaiver {
	if w == nil {
		return nil
	}
	expires := ""
	if !w.Expires.IsZero() {
		expires = w.Expires.Format(time.DateOnly)
	}
	return &jsonWaiver{w.Reason, text(expires), w.Expired}
}

func toJSONReplay(r *engine.Replayed) *jsonReplay {
	if r == nil {
		return nil
	}
	replay := &jsonReplay{File: r.File, RecordedAt: r.RecordedAt.UTC().Format(time.RFC3339), Linecheck: r.Linecheck, Interrupted: r.Interrupted}
	replay.Runbook.Name, replay.Runbook.Version = r.Runbook.Name, r.Runbook.Version
	return replay
}

func toJSONCheck(c *engine.CheckReport) jsonCheck {
	result, known := plain(c.Result)
	if !known {
		result = struct{}{}
	}
	target, _ := plain(c.Target)
	return jsonCheck{
		Address:     c.Address,
		Title:       text(c.Title),
		Layer:       text(c.Layer),
		Status:      string(c.Status),
		Target:      target,
		Kind:        c.Kind,
		Result:      result,
		Cause:       text(c.Cause),
		Explain:     text(c.Explain),
		Remedy:      text(c.Remedy),
		Evidence:    each(c.Evidence, toJSONEvidence),
		BlockedBy:   list(c.BlockedBy),
		Reason:      text(c.Reason),
		Skip:        text(string(c.Skip)),
		Waived:      c.Waived,
		Waiver:      toJSONWaiver(c.Waiver),
		Interrupted: c.Interrupted,
		Attempts:    c.Attempts,
		TimedOutMS:  timedOut(c),
		StartedMS:   milliseconds(c.Started),
		ElapsedMS:   milliseconds(c.Elapsed),
		Range:       jsonRange{c.Range.Filename, c.Range.Start.Line},
	}
}

func timedOut(c *engine.CheckReport) *json.Number {
	if c.TimedOut == 0 {
		return nil
	}
	ms := milliseconds(c.TimedOut)
	return &ms
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
