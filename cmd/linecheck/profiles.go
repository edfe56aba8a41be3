package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
	checks "github.com/linecheck/linecheck/checks.d"
	"github.com/linecheck/linecheck/rules"
)

// sitesDir is the folder of profiles, beside the checks or here.
const sitesDir = "sites.d"

// searchProfiles adds a folder of profiles if there is one.
func (l *layer) searchProfiles(c *console, dir string) {
	if isFolder(dir) {
		l.profiles = append(l.profiles, rules.Overlay{Name: filepath.ToSlash(dir), FS: c.folder(dir)})
	} else {
		l.absent = append(l.absent, filepath.ToSlash(dir))
	}
}

// searchProfiles adds a folder of profiles if there is one.
func (s *runbookSource) searchProfiles(c *console, dir string) {
	var l layer
	l.searchProfiles(c, dir)
	s.profiles = addFolders(s.profiles, l.profiles...)
	s.absent = append(s.absent, l.absent...)
}

// addBeside adds the folders of profiles that lie beside a layer's checks.
func (s *runbookSource) addBeside(l layer) {
	s.profiles = addFolders(s.profiles, l.profiles...)
	s.beside = addFolders(s.beside, l.profiles...)
	for _, dir := range l.absent {
		s.absent = appendNew(s.absent, dir)
	}
}

// addFolders adds folders that are not there yet, whatever they are called.
func addFolders(all []rules.Overlay, folders ...rules.Overlay) []rules.Overlay {
	for _, f := range folders {
		if !slices.ContainsFunc(all, func(o rules.Overlay) bool { return sameFolder(o, f) }) {
			all = append(all, f)
		}
	}
	return all
}

func sameFolder(a, b rules.Overlay) bool {
	if a.Name == b.Name {
		return true
	}
	infoA, errA := fs.Stat(a.FS, ".")
	infoB, errB := fs.Stat(b.FS, ".")
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// exampleSite is the name of the profile that the embedded runbook holds, and
// exampleFile its file.
const (
	exampleSite = "example"
	exampleFile = sitesDir + "/example.hcl"
)

// isExample reports whether a site is the example that linecheck ships, in the
// embedded runbook or in an untouched copy of it.
func isExample(rb *rules.Runbook, s *rules.Site) bool {
	if s.Name != exampleSite {
		return false
	}
	shipped, err := fs.ReadFile(checks.FS, exampleFile)
	return err == nil && bytes.Equal(shipped, rb.Files[s.DeclRange.Filename])
}

// waiverNotice is how long before its last day a waiver is said to run out:
// time to mend what it waives, or to agree on another day.
const waiverNotice = 14 * 24 * time.Hour

// today is the day that waivers are held against, as engine.Settings has it.
func today() time.Time { return time.Now().UTC().Truncate(24 * time.Hour) }

// waivers warns of the waivers of a site that ran out, or soon will.
func waivers(s *rules.Site, today time.Time) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, w := range s.Waivers {
		last := w.Expires.Format(time.DateOnly)
		d := &hcl.Diagnostic{Severity: hcl.DiagWarning, Subject: w.DeclRange.Ptr()}
		switch {
		case w.Expires.IsZero():
			continue
		case w.Expires.Before(today):
			d.Summary = "Waiver that ran out"
			d.Detail = fmt.Sprintf("The waiver of %s ran out on %s (%s): what it waived counts again. Take it out, or agree on another day.", w.Check, last, w.Reason)
		case w.Expires.Sub(today) <= waiverNotice:
			d.Summary = "Waiver that runs out soon"
			d.Detail = fmt.Sprintf("The waiver of %s holds until the end of %s, UTC (%s): from then on what it waives counts again.", w.Check, last, w.Reason)
		default:
			continue
		}
		diags = append(diags, d)
	}
	return diags
}

// ranOut reports whether a waiver ran out.
func ranOut(w *rules.Waiver, today time.Time) bool {
	return !w.Expires.IsZero() && w.Expires.Before(today)
}
