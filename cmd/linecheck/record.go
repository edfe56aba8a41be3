package main

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/disk"
	"github.com/linecheck/linecheck/rules/terminal"
)

// checkRecording proves --record and --replay.
func (o *runOptions) checkRecording() error {
	switch {
	case o.record != "" && o.replay != "":
		return mistake("Nothing to record", "--replay sends nothing, so that there is nothing for --record to record. Leave one of them out.")
	case o.replay != "" && o.sites.profiles != "":
		return mistake("Values from two places", "A recording holds the values of the place where it was made, so that --sites has no part in --replay. Leave it out; --var gives a variable another value.")
	}
	return nil
}

// writeRecording writes what the climbs observed.
func (o *runOptions) writeRecording(c *console, rb *rules.Runbook, climbs []climb, r *engine.Report) hcl.Diagnostics {
	if o.record == "" {
		return nil
	}
	recording := offline.Recording{Head: offline.Head{
		Linecheck: version, Runbook: rb.Name, Version: rb.Version, RecordedAt: r.StartedAt.UTC().Truncate(time.Second), Interrupted: r.Interrupted,
	}}
	var buf bytes.Buffer
	var err error
	for _, cl := range climbs {
		var place *offline.Place
		if place, err = cl.recorder.Place(cl.plan, cl.settings, cl.report); err != nil {
			break
		}
		recording.Places = append(recording.Places, place)
	}
	if err == nil {
		err = recording.Write(&buf)
	}
	if err == nil {
		err = c.writeFile(o.record, buf.Bytes())
	}
	if err != nil && !isLost(err) {
		return hcl.Diagnostics{notWritten(fmt.Sprintf("--record %s can't be written: %v.", o.record, disk.Cause(err)))}
	}
	return nil
}

// replayed binds the runbook to the places of a recording.
func (o *runOptions) replayed(c *console, rb *rules.Runbook) ([]climb, *offline.Recording, error) {
	recording, err := c.readRecording(o.replay)
	if err != nil {
		return nil, nil, err
	}
	fmt.Fprintf(c.err, "Replaying %s, recorded %s: nothing is sent.\n", o.replay, recording.RecordedAt.Format(time.RFC3339))
	values, diags := o.values.values(c, nil)
	diags = append(diags, o.strange(recording, rb)...)
	places, placesErr := o.recordedPlaces(recording)
	if placesErr != nil {
		diags = append(diags, placesErr)
	}
	var climbs []climb
	for _, p := range places {
		settings, replay, more := p.Bind(rb)
		diags = append(diags, more...)
		settings.Values = slices.Concat(settings.Values, values)
		if len(o.only) > 0 {
			settings.Only = o.only
		}
		if len(o.skip) > 0 {
			settings.Skip = o.skip
		}
		diags = append(diags, hiddenValues(p.Hidden(rb), values)...)
		if diags.HasErrors() {
			continue
		}
		plan, more := engine.NewPlan(rb, settings)
		diags = append(diags, more...)
		climbs = append(climbs, climb{place: place{settings.Site, settings.Vantage}, plan: plan, settings: settings, replay: replay, recorded: p, unreached: p.Unreached})
	}
	c.diagnose(rb.Files, diags)
	if diags.HasErrors() {
		return nil, nil, exitWrong
	}
	return climbs, recording, nil
}

// asRecorded gives a report that was made from a recording the recording's
// times, before anything is concluded from them, and says that it is one.
func asRecorded(r *engine.Report, file string, recording *offline.Recording, climbs []climb) {
	r.StartedAt, r.Elapsed, r.Replayed = recording.RecordedAt, 0, recording.Replayed(file)
	began := climbs[0].recorded.StartedAt
	for _, cl := range climbs {
		if cl.recorded.StartedAt.Before(began) {
			began = cl.recorded.StartedAt
		}
	}
	for _, cl := range climbs {
		v := cl.report.Sites[0].Vantages[0]
		cl.recorded.Restore(v)
		r.Elapsed = max(r.Elapsed, v.StartedAt.Sub(began)+v.Elapsed)
	}
}

func (c *console) readRecording(name string) (*offline.Recording, error) {
	f, err := c.open(name)
	if err != nil {
		return nil, mistake("Unreadable recording", fmt.Sprintf("%s: %v. Name a file that \"linecheck run --record FILE\" wrote.", name, disk.Cause(err)))
	}
	defer f.Close()
	recording, diags := offline.Read(name, f)
	if diags.HasErrors() {
		return nil, diags
	}
	return recording, nil
}

// strange says what the recording was made of, if it is not what judges now.
func (o *runOptions) strange(r *offline.Recording, rb *rules.Runbook) hcl.Diagnostics {
	var diags hcl.Diagnostics
	if r.Runbook != rb.Name {
		diags = append(diags, warning("Recording of another runbook",
			"%s was recorded with the runbook %q, and %q judges it now. What is asked only now has no answer in it.", o.replay, r.Runbook, rb.Name))
	}
	if r.Interrupted {
		diags = append(diags, warning("Recording of an interrupted run",
			"%s was recorded in a run that was interrupted: what had not been observed by then is not in it.", o.replay))
	}
	return diags
}

func warning(summary, detail string, args ...any) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: summary, Detail: fmt.Sprintf(detail, args...)}
}

// recordedPlaces are the places of the recording that --site and --from choose.
func (o *runOptions) recordedPlaces(r *offline.Recording) ([]*offline.Place, *hcl.Diagnostic) {
	patterns := o.sites.names
	if len(patterns) == 0 {
		patterns = []string{everySite}
	}
	var places, sites, vantages []string
	for _, p := range r.Places {
		places = append(places, p.Site+" from "+p.Vantage)
		sites = appendNew(sites, p.Site)
		vantages = appendNew(vantages, p.Vantage)
	}
	chosen := make([]bool, len(r.Places))
	for _, pattern := range patterns {
		found := false
		for i, p := range r.Places {
			ok, err := path.Match(pattern, p.Site)
			named := err == nil && ok || pattern == p.Site || pattern == everySite
			if named && (o.sites.from == "" || o.sites.from == p.Vantage) {
				chosen[i], found = true, true
			}
		}
		if !found {
			return nil, mistake("Place not recorded", fmt.Sprintf("%s was recorded at other places than --site and --from name: %s.%s",
				o.replay, terminal.Names(places), cmp.Or(meant(pattern, sites), meant(o.sites.from, vantages))))
		}
	}
	var kept []*offline.Place
	for i, p := range r.Places {
		if chosen[i] {
			kept = append(kept, p)
		}
	}
	return kept, nil
}

// meant suggests a name for one that is not among names.
func meant(name string, names []string) string {
	if name == "" || name == everySite || slices.Contains(names, name) {
		return ""
	}
	return rules.DidYouMean(name, names)
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

// changedSince warns of answers to questions that have other arguments today.
func (c *console) changedSince(climbs []climb) {
	var diags hcl.Diagnostics
	for _, cl := range climbs {
		if cl.replay == nil {
			continue
		}
		for _, text := range cl.replay.Changed() {
			diags = append(diags, warning("Recorded with other arguments", "%s The answer is judged as it is.", text))
		}
	}
	c.diagnose(nil, diags)
}
