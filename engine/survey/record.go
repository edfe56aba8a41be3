package survey

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/rules"
)

// record makes a recording of what the runs observed.
func (s *Survey) record(o Options, report *engine.Report, runs []*placeRun) hcl.Diagnostics {
	head := offline.Head{
		Linecheck: o.Version, Runbook: report.Runbook.Name, Version: report.Runbook.Version,
		RecordedAt: report.StartedAt.UTC().Truncate(time.Second), Interrupted: report.Interrupted,
	}
	var places []*offline.Place
	for _, r := range runs {
		if r.unrecorded != nil {
			return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Run not recorded", Detail: fmt.Sprintf("What was observed can't be recorded: %v.", r.unrecorded)}}
		}
		if r.observed != nil {
			places = append(places, r.observed)
		}
	}
	*o.Recording = *offline.NewRecording(head, places)
	return nil
}

// Replay is New for the places of a recording: a run of the survey sends nothing
// and judges what was observed then, with the values of then. Where there are
// errors, nothing is to be run.
func Replay(rb *rules.Runbook, recording *offline.Recording, s Settings) (*Survey, hcl.Diagnostics) {
	v := newSurvey(rb)
	if recording == nil || slices.Contains(recording.Places, nil) {
		return v, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "No recording", Detail: "A recording is needed here, and there is none, or one of its places is nil. Hand over the one that offline.Read returns, or that a run made."}}
	}
	v.recording = recording
	diags := append(rb.Refused(), madeOtherwise(recording, rb)...)
	if diags.HasErrors() {
		return v, diags
	}
	for _, p := range recording.Places {
		settings, replay, more := p.Bind(rb)
		diags = append(diags, more...)
		settings.Values = slices.Concat(settings.Values, s.Values)
		if len(s.Only) > 0 {
			settings.Only = s.Only
		}
		if len(s.Skip) > 0 {
			settings.Skip = s.Skip
		}
		diags = append(diags, hiddenValues(p.Hidden(rb), s.Values)...)
		if diags.HasErrors() {
			continue
		}
		plan, more := v.blank.For(settings)
		diags = append(diags, more...)
		if n := len(v.entries); n == 0 || v.entries[n-1].name != plan.Site() {
			v.entries = append(v.entries, entry{name: plan.Site(), title: settings.Site.Title})
		}
		e := &v.entries[len(v.entries)-1]
		e.places = append(e.places, &Place{Site: settings.Site, Vantage: settings.Vantage, blank: v.blank, settings: settings, recorded: p, replay: replay})
	}
	return v, diags
}

// madeOtherwise warns of what a recording was made of, where it is not what judges
// now.
func madeOtherwise(recording *offline.Recording, rb *rules.Runbook) hcl.Diagnostics {
	var diags hcl.Diagnostics
	replayed := recording.Replayed()
	if rb != nil && recording.Runbook != rb.Name {
		diags = append(diags, warning("Recording of another runbook",
			"%s was recorded with the runbook %q, and %q judges it now. What is asked only now has no answer in it.", replayed.File, recording.Runbook, rb.Name))
	}
	if recording.Interrupted {
		diags = append(diags, warning("Recording of an interrupted run",
			"%s was recorded in a run that was interrupted: what had not been observed by then is not in it.", replayed.File))
	}
	return diags
}

// restoreTimes gives a report that was made from a recording the recording's
// times, before anything is concluded from them, and says that it is one.
func restoreTimes(r *engine.Report, recording *offline.Recording, runs []*placeRun) {
	r.StartedAt, r.Elapsed, r.Replayed = recording.RecordedAt, 0, recording.Replayed()
	var began time.Time
	for _, run := range runs {
		if began.IsZero() || run.recorded.StartedAt.Before(began) {
			began = run.recorded.StartedAt
		}
	}
	for _, run := range runs {
		if v := run.vantage(); v != nil {
			run.recorded.Restore(v)
			r.Elapsed = max(r.Elapsed, v.StartedAt.Sub(began)+v.Elapsed)
		}
	}
}

// hiddenValues says which values a recording leaves out, unless they were given
// anew.
func hiddenValues(hidden []string, given []engine.Values) hcl.Diagnostics {
	hidden = slices.DeleteFunc(hidden, func(name string) bool {
		return slices.ContainsFunc(given, func(v engine.Values) bool {
			_, text := v.Text[name]
			_, typed := v.Typed[name]
			return text || typed
		})
	})
	if len(hidden) == 0 {
		return nil
	}
	return hcl.Diagnostics{warning("Sensitive values are not recorded",
		"A recording leaves out what is sensitive, here the value of %s: what depends on it is unknown in the replay. Give it anew with --var NAME=VALUE where it matters.", "var."+strings.Join(hidden, " and var."))}
}

// changedQuestions warns of answers to questions that have other arguments today.
func changedQuestions(runs []*placeRun) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, r := range runs {
		if r.replay == nil {
			continue
		}
		for _, text := range r.replay.Changed() {
			diags = append(diags, warning("Recorded with other arguments", "%s The answer is judged as it is.", text))
		}
	}
	return diags
}

func warning(summary, detail string, args ...any) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: summary, Detail: fmt.Sprintf(detail, args...)}
}
