package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	checks "github.com/linecheck/linecheck/checks.d"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/bundle/registry"
	"github.com/linecheck/linecheck/rules/disk"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
)

// embedded is the name of the runbook that linecheck brings along, as an
// argument and in reports.
const embedded = "embedded"

const runbookHelp = `A RUNBOOK is a folder of check files, a single check file, a package (a file
NAME-VERSION.oci.tar, or oci://HOST/PATH/NAME:VERSION in a registry), or
"embedded", the runbook that linecheck brings along. Later ones are laid over
earlier ones. Without one it is ./checks.d, else /etc/linecheck/checks.d if it
holds check files, else the embedded runbook.`

// runbookOptions are the flags that say how a runbook is opened.
type runbookOptions struct {
	packages packageOptions
	sites    siteOptions
	alone    bool // no other runbook can be laid under it
}

// A runbookSource says where a runbook comes from, and its site profiles.
type runbookSource struct {
	overlays []rules.Overlay
	// profiles are the folders in which --site looks, those that exist; beside
	// are those of them that lie beside the checks.
	profiles, beside []rules.Overlay
	// absent are the folders in which it would look as well if they existed.
	absent []string
	// tests are the folders of tests beside the overlays, which need not exist.
	tests []rules.Overlay
	// packages are those that were opened for it.
	packages []*openedPackage
	// found is set where the runbook was not named but searched for.
	found bool
	// unusedKeys is set where keys were named and there is no package to hold
	// against them.
	unusedKeys bool
	// empty is the computer's own folder of check files where it holds none.
	empty string
}

// A layer is what one RUNBOOK argument brings.
type layer struct {
	overlay  rules.Overlay
	tests    rules.Overlay   // the folder of tests, which need not exist
	profiles []rules.Overlay // the folders of profiles, those that exist
	absent   []string        // and those that do not
}

// findRunbook finds the runbook that args name, or the one to use without.
func (c *console) findRunbook(o *runbookOptions, args []string) (*runbookSource, error) {
	s := &runbookSource{}
	if len(args) == 0 {
		s.found = true
		args = []string{c.searchRunbook(s)}
	}
	named := len(o.sites.names) > 0
	if named || !slices.ContainsFunc(args, isPackage) {
		s.searchProfiles(c, sitesDir)
	}
	if args[0] == embedded && s.found || named && slices.ContainsFunc(args, fromElsewhere) {
		// What came from elsewhere knows nothing of this place: the profile
		// lies where a runbook would be searched.
		s.searchProfiles(c, filepath.Join(c.etc, sitesDir))
	}
	layers := make([]layer, len(args))
	for i, arg := range args {
		if isPackage(arg) {
			continue
		}
		var err error
		if layers[i], err = c.openLayer(arg); err != nil {
			return nil, err
		}
		s.addBeside(layers[i])
	}
	var err error
	if s.packages, err = c.openPackages(o, args, s.profiles, layers); err != nil {
		return nil, err
	}
	s.unusedKeys = o.packages.trustedKeys != "" && len(s.packages) == 0
	for _, l := range layers {
		s.overlays = append(s.overlays, l.overlay)
		s.tests = append(s.tests, l.tests)
		s.addBeside(l)
	}
	return s, nil
}

// fromElsewhere reports whether an argument names a runbook that is in no folder
// of this computer.
func fromElsewhere(arg string) bool { return arg == embedded || isPackage(arg) }

// searchRunbook is the argument that stands for none, as runbookHelp has it.
func (c *console) searchRunbook(s *runbookSource) string {
	if isFolder("checks.d") {
		return "checks.d"
	}
	own := filepath.Join(c.etc, "checks.d")
	if !isFolder(own) {
		return embedded
	}
	// An installation makes the folder before there is anything to put into
	// it. A folder that can't be read is no empty one: let reading it say so.
	entries, err := os.ReadDir(own)
	if err == nil && !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return language.IsCheckFile(e.Name()) }) {
		s.empty = filepath.ToSlash(own)
		return embedded
	}
	return own
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// openLayer opens a folder, a single file, or the embedded runbook.
func (c *console) openLayer(arg string) (layer, error) {
	if arg == embedded {
		return layerOf(embedded, checks.FS)
	}
	overlay, err := c.openOverlay(arg)
	if err != nil {
		if strings.HasPrefix(arg, "check.") {
			return layer{}, mistake("No such runbook", fmt.Sprintf("%q names a check, but a folder of check files is expected here. "+
				"Write a check to a flag with an equals sign: --explain-evidence=%s.", arg, arg))
		}
		return layer{}, mistake("No such runbook", fmt.Sprintf("%v. Name a folder of check files, a package *%s or %sHOST/PATH/NAME:VERSION, or %q for the runbook that linecheck brings along.",
			err, packageSuffix, registry.Scheme, embedded))
	}
	dir := filepath.Clean(arg)
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		dir = filepath.Dir(dir)
	}
	l := layer{overlay: overlay}
	l.searchProfiles(c, filepath.Join(dir, sitesDir))
	if filepath.Base(dir) == "checks.d" {
		l.searchProfiles(c, filepath.Join(filepath.Dir(dir), sitesDir))
	}
	l.tests, err = testsBeside(rules.Overlay{Name: filepath.ToSlash(dir), FS: c.folder(dir)})
	return l, err
}

// layerOf is the layer that a tree in memory holds.
func layerOf(name string, tree fs.FS) (layer, error) {
	l := layer{overlay: rules.Overlay{Name: name, FS: tree}}
	var err error
	if l.tests, err = testsBeside(l.overlay); err != nil {
		return l, err
	}
	if info, err := fs.Stat(tree, sitesDir); err != nil || !info.IsDir() {
		return l, nil
	}
	profiles, err := fs.Sub(tree, sitesDir)
	l.profiles = []rules.Overlay{{Name: name + "/" + sitesDir, FS: profiles}}
	return l, err
}

// openOverlay opens a folder, or a file as a folder that holds nothing else.
func (c *console) openOverlay(name string) (rules.Overlay, error) {
	name = filepath.Clean(name)
	info, err := os.Stat(name)
	if err != nil {
		return rules.Overlay{}, fmt.Errorf("%s: %w", name, disk.Cause(err))
	}
	if info.IsDir() {
		return rules.Overlay{Name: filepath.ToSlash(name), FS: c.folder(name)}, nil
	}
	if base := strings.TrimSuffix(name, ".json"); filepath.Ext(base) != ".hcl" {
		return rules.Overlay{}, fmt.Errorf("%s: the name of a file that is read must end in .hcl or .hcl.json, that of a package in .oci.tar", name)
	}
	dir, base := filepath.Dir(name), filepath.Base(name)
	return rules.Overlay{Name: filepath.ToSlash(dir), FS: oneFile{c.folder(dir), base}}, nil
}

// oneFile shows a single file of a folder, and the folders in it.
type oneFile struct {
	fs.FS
	name string
}

func (f oneFile) ReadDir(name string) ([]fs.DirEntry, error) {
	if name != "." {
		return fs.ReadDir(f.FS, name) // of what it imports
	}
	info, err := fs.Stat(f.FS, f.name)
	if err != nil {
		return nil, err
	}
	return []fs.DirEntry{fs.FileInfoToDirEntry(info)}, nil
}

// Stat implements fs.StatFS.
func (f oneFile) Stat(name string) (fs.FileInfo, error) { return fs.Stat(f.FS, name) }

// Sub implements fs.SubFS.
func (f oneFile) Sub(name string) (fs.FS, error) { return fs.Sub(f.FS, name) }

// Lstat implements fs.ReadLinkFS.
func (f oneFile) Lstat(name string) (fs.FileInfo, error) { return fs.Lstat(f.FS, name) }

// ReadLink implements fs.ReadLinkFS.
func (f oneFile) ReadLink(name string) (string, error) { return fs.ReadLink(f.FS, name) }

// names are the overlays' names, for people.
func (s *runbookSource) names() string {
	names := make([]string, len(s.overlays))
	for i, o := range s.overlays {
		names[i] = o.Name
	}
	return strings.Join(names, " + ")
}

// loadRunbook finds and proves a runbook. The Runbook is nil only where none
// was found; beside errors in its files it holds what could be understood.
func (c *console) loadRunbook(o *runbookOptions, args []string) (*rules.Runbook, *runbookSource, hcl.Diagnostics) {
	source, err := c.findRunbook(o, args)
	if err != nil {
		return nil, nil, asDiagnostics(err)
	}
	defer collectRarely()()
	rb, diags := rules.Load(probe.Kinds(), source.overlays...)
	diags = append(diags, source.meantOver(diags, o.alone)...)
	return rb, source, append(diags, tooOld(rb)...)
}

// tooOld refuses a runbook that was written for another linecheck.
func tooOld(rb *rules.Runbook) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, r := range rb.Requires {
		if !r.Allows(version) {
			diags = append(diags, &hcl.Diagnostic{
				Severity: hcl.DiagError, Summary: "Another linecheck is needed", Subject: &r.Range,
				Detail: fmt.Sprintf("The runbook requires linecheck %s, and this is %s. Install one that it allows, or ask its authors.", r.Constraint, version),
			})
		}
	}
	return diags
}

// meantOver tells who forgot it that a runbook with errors has none if it is
// laid over the embedded one, as a folder of "linecheck init" is.
func (s *runbookSource) meantOver(diags hcl.Diagnostics, alone bool) hcl.Diagnostics {
	isEmbedded := func(o rules.Overlay) bool { return o.Name == embedded }
	if !diags.HasErrors() || slices.ContainsFunc(s.overlays, isEmbedded) {
		return nil
	}
	over := slices.Concat([]rules.Overlay{{Name: embedded, FS: checks.FS}}, s.overlays)
	if _, diags := rules.Load(probe.Kinds(), over...); diags.HasErrors() {
		return nil
	}
	const laidOver = "Laid over the runbook that linecheck brings along there are no errors."
	detail := fmt.Sprintf("%s Name that one as well, and first: %s %s.", laidOver, embedded, strings.ReplaceAll(s.names(), " + ", " "))
	if alone {
		detail = laidOver + fmt.Sprintf(" A package is whole, so make a folder of that one and put these files into it: \"linecheck pack %s -o shipped%s\", then \"linecheck unpack shipped%[2]s FOLDER\".", embedded, packageSuffix)
	}
	return hcl.Diagnostics{{Severity: hcl.DiagWarning, Summary: "The runbook below is missing", Detail: detail}}
}

// collectRarely lets garbage grow to four times of what is in use until the
// function that it returns is called. At Go's own pace collecting is a third
// of the processor time of loading 10,000 checks; this way 450 MB are used for
// it instead of 300. What the person at the keyboard says in GOGC stands.
func collectRarely() (restore func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	before := debug.SetGCPercent(400)
	return func() { debug.SetGCPercent(before) }
}

// collectOften lets garbage grow to no more than two fifths of what is in use:
// a thousand sites then take less than 100 MB, for an eighth more processor time
// than at Go's own pace. What the person at the keyboard says in GOGC stands.
func collectOften() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(40)
	}
}

// note says on standard error which runbook is used where none was named, which
// packages were opened, and that keys were named for nothing.
func (c *console) note(s *runbookSource) {
	for _, p := range s.packages {
		c.noteOpened(p)
	}
	if s.unusedKeys {
		c.noteWrapped("Not used: " + trustedKeysFlag + ", which is about packages, and this runbook is none.")
	}
	if !s.found {
		return
	}
	why := ""
	if s.empty != "" {
		why = " (there is no check file in " + s.empty + ")"
	}
	fmt.Fprintf(c.err, "Using the runbook %s%s\n", s.names(), why)
	if here, err := filepath.Glob("*.hcl"); err == nil && len(here) > 0 {
		fmt.Fprintf(c.err, "Not used: the check files in this folder (\"%s .\" would use them as well).\n", s.names())
	}
}

// noteWrapped writes a note to standard error in lines that fit. What is broken
// in two, such as a digest, can't be copied: a long word has its own line.
func (c *console) noteWrapped(text string) {
	width := c.errTTY.width
	if width == 0 {
		width = terminal.DefaultWidth
	}
	fmt.Fprintln(c.err, strings.Join(terminal.Wrap{Columns: width, Whole: true}.Lines(text), "\n"))
}

// useRunbook is loadRunbook for commands that go no further with a runbook
// that has errors. Warnings are written to standard error.
func (c *console) useRunbook(o *runbookOptions, args []string) (*rules.Runbook, *runbookSource, error) {
	rb, source, diags := c.loadRunbook(o, args)
	if rb == nil {
		return nil, nil, diags
	}
	c.note(source)
	c.diagnose(rb.Files, diags)
	if diags.HasErrors() {
		return nil, nil, exitWrong
	}
	return rb, source, nil
}

func asDiagnostics(err error) hcl.Diagnostics {
	var diags hcl.Diagnostics
	var diag *hcl.Diagnostic
	switch {
	case err == nil:
		return nil
	case errors.As(err, &diags):
		return diags
	case errors.As(err, &diag):
		return hcl.Diagnostics{diag}
	}
	return hcl.Diagnostics{mistake(err.Error(), "")}
}
