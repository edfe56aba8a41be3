// Package rulestest holds what tests of several packages need of the check
// language: the corpus of faulty and of valid files ([Corpus]), and runbooks of
// any size ([Generate]). What a machine lacks for a test is told in one way
// ([Missing]).
package rulestest

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"golang.org/x/tools/txtar"
)

// A Case is one runbook of the corpus and the diagnostics that it must give,
// all of them and no others.
type Case struct {
	Name  string
	Files fstest.MapFS // its folder, with sites.d beside the check files
	Want  []Want
}

// A Want is one expected diagnostic.
type Want struct {
	File    string // as in Files; "" for a diagnostic without a place
	Line    int
	Pattern *regexp.Regexp // of "Summary: Detail"
}

// Corpus reads the cases of all *.txtar files of a folder.
//
// A file of the archive is named CASE/PATH. What a line must be blamed for
// stands behind it as a comment: # error: "regexp", or # warning: "regexp", as
// many as there are. Where a file has no comments (JSON, or a text that never
// ends), CASE/errors lists them, one a line: PATH:LINE: "regexp"; PATH alone or
// - for a diagnostic without a line or place.
func Corpus(fsys fs.FS) ([]Case, error) {
	names, err := fs.Glob(fsys, "*.txtar")
	if err != nil {
		return nil, err
	}
	var cases []Case
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		more, err := readArchive(strings.TrimSuffix(name, ".txtar"), txtar.Parse(data))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		cases = append(cases, more...)
	}
	return cases, nil
}

func readArchive(name string, a *txtar.Archive) ([]Case, error) {
	var cases []Case
	for _, f := range a.Files {
		folder, file, ok := strings.Cut(f.Name, "/")
		if !ok {
			return nil, fmt.Errorf("%s is in no case", f.Name)
		}
		full := name + "/" + folder
		if len(cases) == 0 || cases[len(cases)-1].Name != full {
			if slices.ContainsFunc(cases, func(c Case) bool { return c.Name == full }) {
				return nil, fmt.Errorf("case %s stands in two places", folder)
			}
			cases = append(cases, Case{Name: full, Files: fstest.MapFS{}})
		}
		c := &cases[len(cases)-1]
		var wants []Want
		var err error
		if file == "errors" {
			wants, err = listedWants(string(f.Data))
		} else {
			c.Files[file] = &fstest.MapFile{Data: f.Data}
			wants, err = commentWants(file, string(f.Data))
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		c.Want = append(c.Want, wants...)
	}
	return cases, nil
}

var comment = regexp.MustCompile(`# (?:error|warning): (.*)$`)

func commentWants(file, text string) ([]Want, error) {
	var wants []Want
	for i, line := range strings.Split(text, "\n") {
		m := comment.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		patterns, err := patternsOf(m[1])
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		for _, p := range patterns {
			wants = append(wants, Want{file, i + 1, p})
		}
	}
	return wants, nil
}

func listedWants(text string) ([]Want, error) {
	var wants []Want
	for line := range strings.Lines(text) {
		at, quoted, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			return nil, fmt.Errorf("%q is not PATH:LINE: \"regexp\"", line)
		}
		var w Want
		if at != "-" {
			file, number, _ := strings.Cut(at, ":")
			w.File = file
			if number != "" {
				n, err := strconv.Atoi(number)
				if err != nil {
					return nil, err
				}
				w.Line = n
			}
		}
		patterns, err := patternsOf(quoted)
		if err != nil {
			return nil, err
		}
		for _, p := range patterns {
			w.Pattern = p
			wants = append(wants, w)
		}
	}
	return wants, nil
}

func patternsOf(s string) ([]*regexp.Regexp, error) {
	var patterns []*regexp.Regexp
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		quoted, err := strconv.QuotedPrefix(s)
		if err != nil {
			return nil, fmt.Errorf("%s is not a quoted pattern", s)
		}
		s = s[len(quoted):]
		text, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, err
		}
		p, err := regexp.Compile(text)
		if err != nil {
			return nil, err
		}
		patterns = append(patterns, p)
	}
	return patterns, nil
}

// Compare matches diagnostics and what a case wants of them one to one and
// tells what is left over on either side. The overlay's name, which stands
// before the names of files in diagnostics, is given.
func (c *Case) Compare(overlay string, diags hcl.Diagnostics) []string {
	wants := slices.Clone(c.Want)
	var problems []string
	for _, d := range diags {
		file, line := "", 0
		if d.Subject != nil {
			file, line = strings.TrimPrefix(d.Subject.Filename, overlay+"/"), d.Subject.Start.Line
		}
		text := d.Summary + ": " + d.Detail
		i := slices.IndexFunc(wants, func(w Want) bool {
			return w.File == file && (w.Line == line || w.Line == 0) && w.Pattern.MatchString(text)
		})
		if i < 0 {
			problems = append(problems, fmt.Sprintf("unexpected at %s:%d: %s", file, line, text))
			continue
		}
		wants = slices.Delete(wants, i, i+1)
	}
	for _, w := range wants {
		problems = append(problems, fmt.Sprintf("missing at %s:%d: %s", w.File, w.Line, w.Pattern))
	}
	return problems
}

// SitesFolder is where a case keeps profiles of sites.
const SitesFolder = "sites.d"

// HasSites reports whether the case has profiles of sites.
func (c *Case) HasSites() bool {
	for name := range c.Files {
		if path.Dir(name) == SitesFolder {
			return true
		}
	}
	return false
}
