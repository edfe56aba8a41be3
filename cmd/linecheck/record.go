package main

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/engine/survey"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/diagnostic"
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

// writeRecording writes what was observed, if it was recorded.
func (o *runOptions) writeRecording(c *console, recording *offline.Recording) hcl.Diagnostics {
	if recording == nil {
		return nil
	}
	var buf bytes.Buffer
	err := recording.Write(&buf)
	if err == nil {
		err = c.writeFile(o.record, buf.Bytes())
	}
	if err != nil && !isLost(err) {
		return hcl.Diagnostics{notWritten(fmt.Sprintf("--record %s can't be written: %v.", o.record, disk.Cause(err)))}
	}
	return nil
}

// replayed binds the runbook to the places of a recording that are chosen.
func (o *runOptions) replayed(c *console, rb *rules.Runbook) (*survey.Survey, error) {
	recording, err := c.readRecording(o.replay)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(c.err, "Replaying %s, recorded %s: nothing is sent.\n", o.replay, recording.RecordedAt.Format(time.RFC3339))
	values, diags := o.values.values(c, nil)
	chosen := *recording
	places, wrong := o.recordedPlaces(recording)
	chosen.Places = places
	if diags.HasErrors() {
		chosen.Places = nil // they would lack values
	}
	sites, more := survey.Replay(rb, &chosen, survey.Settings{Values: values, Only: o.only, Skip: o.skip})
	diags = append(diags, more...)
	if wrong != nil {
		diags = append(diags, wrong)
	}
	c.diagnose(rb.Files, diags)
	if diags.HasErrors() {
		return nil, exitWrong
	}
	return sites, nil
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
	return diagnostic.DidYouMean(name, names)
}
