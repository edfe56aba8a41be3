package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/bundle/signature"
	"github.com/linecheck/linecheck/rules/disk"
	"github.com/linecheck/linecheck/rules/document"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/spf13/cobra"
)

type packOptions struct {
	runbookOptions
	output outputOptions
	sign   string
	json   bool
}

func newPack(c *console) *cobra.Command {
	o := &packOptions{runbookOptions: runbookOptions{alone: true}}
	cmd := &cobra.Command{
		Use:   "pack [RUNBOOK]",
		Short: "Make one file of a runbook, to sign, carry and verify",
		Long: `Makes a package of a runbook's folder, the file NAME-VERSION.oci.tar, and lists
what is in it: every file of the folder and of those below, but for names that
begin with a dot, and the runbook as a page to print (linecheck doc). Nothing is
sent. The folder is that of RUNBOOK; without one it is ./checks.d, else the one
that "linecheck run" would use.

Packed is only what is whole and needs no other runbook below it: the runbook
block has a name and a version, every file is valid, every test passes, and
imports lie in the folder (see "linecheck vendor"). A link or a private key in
the folder is refused.

The same folder gives the same bytes on every computer. The package bears the
date that SOURCE_DATE_EPOCH gives, in seconds since 1970; else none. It is an
image layout of the OCI, which other programs read too.

` + asksHelp + `

Exit status: 0 if it was packed; 1 if a test failed; 2 if files or the command
line are wrong.`,
		Example: `  linecheck pack ./our-checks
  linecheck pack ./our-checks -o /srv/runbooks/our-checks.oci.tar
  linecheck pack ./our-checks --sign signing-key.pem`,
		ValidArgsFunction: completeRunbook,
		RunE:              func(_ *cobra.Command, args []string) error { return o.pack(c, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	o.output.flags(f)
	f.StringVar(&o.sign, "sign", "", "sign the package with the private key in this `FILE`")
	f.BoolVar(&o.json, "json", false, "print what was packed as JSON")
	return cmd
}

func (o *packOptions) pack(c *console, args []string) error {
	if err := packable(args); err != nil {
		return err
	}
	if err := o.output.check(c); err != nil {
		return err
	}
	created, err := c.sourceDate()
	if err != nil {
		return err
	}
	key, err := c.readSigningKey(o.sign)
	if err != nil {
		return err
	}
	rb, source, err := c.useRunbook(&o.runbookOptions, args)
	if err != nil {
		return err
	}
	if err := publishable(rb, source); err != nil {
		return err
	}
	file, folder := o.output.name(rb.Name, rb.Version), source.overlays[0]
	if err := outside(file, folder.Name); err != nil {
		return err
	}
	layout, p, err := packed(rb, folder, created, key)
	if err != nil {
		return err
	}
	tests, err := c.provePacked(p, folder.Name)
	if err != nil {
		return err
	}
	if err := o.output.write(c, file, layout); err != nil {
		return err
	}
	d, err := describePackage(file, layout, p, nil)
	if err != nil {
		return err
	}
	c.noteAsked(d.asked)
	d.File, d.Tests = &file, &tests
	if o.json {
		return writeJSON(c.out, d)
	}
	signed := "by nobody"
	if key != nil {
		signed = "with " + signerText(o.sign, key)
	}
	return d.writePacked(c.out, folder.Name, signed)
}

// notPacked says why no package is made of a folder.
func notPacked(folder string, err error) error {
	var refusal *bundle.Refusal
	if errors.As(err, &refusal) {
		return mistake("Not packed", folder+": "+refusal.Reason)
	}
	return mistake("Not packed", fmt.Sprintf("%s: %v.", folder, err))
}

// packable refuses arguments that no package can be made of.
func packable(args []string) error {
	switch {
	case len(args) > 1:
		return mistake("Several runbooks", fmt.Sprintf("A package holds one folder, and %s are named. Pack each for itself; \"linecheck run\" lays packages over one another as it does folders.", strings.Join(args, " and ")))
	case len(args) == 0 || args[0] == embedded:
		return nil
	case isPackage(args[0]):
		return mistake("A package already", fmt.Sprintf("%s is a package. Name the folder that one is to be made of; \"linecheck unpack\" makes a folder of a package.", args[0]))
	}
	if info, err := os.Stat(args[0]); err == nil && !info.IsDir() {
		return mistake("Not a folder", fmt.Sprintf("%s is a file, and packed is a folder with all that is in it. Name the folder.", args[0]))
	}
	return nil
}

// publishable refuses a runbook that nobody could ask for.
func publishable(rb *rules.Runbook, source *runbookSource) error {
	const summary, example = "Nameless runbook", "runbook \"net\" { version = \"1.0.0\" }"
	switch {
	case rb.Name == "":
		return mistake(summary, fmt.Sprintf("%s has no runbook block, by whose name and version its package is asked for. Write one into a check file: %s.", source.names(), example))
	case rb.Version == "":
		return mistake(summary, fmt.Sprintf("The runbook block %q of %s has no version, by which its package is asked for. Add one: version = \"1.0.0\".", rb.Name, source.names()))
	}
	return nil
}

// outside refuses a file that would become part of the folder that it is made
// of, the next time.
func outside(file, folder string) error {
	target, err := disk.Target(file)
	if err != nil {
		return nil // there is no folder: writing says so
	}
	inner, err := realFolder(filepath.Dir(target))
	if err != nil {
		return nil
	}
	outer, err := realFolder(filepath.FromSlash(folder))
	if err != nil {
		return nil // embedded
	}
	if rel, err := filepath.Rel(outer, inner); err != nil || !filepath.IsLocal(rel) {
		return nil
	}
	return mistake("Package within its folder", fmt.Sprintf("%s would lie in the folder that is packed, and be part of the next package. Write it elsewhere: -o %s.",
		file, filepath.Join("..", filepath.Base(file))))
}

// realFolder is where a folder lies, links followed.
func realFolder(dir string) (string, error) {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", err
	}
	return filepath.Abs(dir)
}

// provePacked proves the package itself, with nothing beside it, and is how many
// tests it has: what its checks and tests need must travel with them. A failed
// one is shown as "linecheck test" shows it.
func (c *console) provePacked(p *bundle.Package, folder string) (int, error) {
	l, err := layerOf(folder, p.FS())
	if err != nil {
		return 0, err
	}
	rb, diags := rules.Load(probe.Kinds(), l.overlay)
	if diags.HasErrors() {
		c.diagnose(rb.Files, diags)
		return 0, exitWrong
	}
	var tests testOptions
	suite, _, diags := tests.suite(c, rb, &runbookSource{
		overlays: []rules.Overlay{l.overlay}, tests: []rules.Overlay{l.tests}, profiles: l.profiles, beside: l.profiles,
	})
	if diags.HasErrors() {
		c.diagnose(rb.Files, diags)
		return 0, exitWrong
	}
	ctx, cancel := interruptible(0)
	defer cancel()
	outcomes, more := suite.Run(ctx, nil)
	c.diagnose(rb.Files, append(diags, more...))
	if more.HasErrors() {
		return 0, exitWrong
	}
	return len(outcomes), c.failed(outcomes, rb.Files)
}

// failed shows the tests that failed as "linecheck test" does.
func (c *console) failed(outcomes []*offline.Outcome, files map[string][]byte) error {
	outcomes = slices.DeleteFunc(outcomes, (*offline.Outcome).Passed)
	if len(outcomes) == 0 {
		return nil
	}
	for _, f := range offline.Formats() {
		if f.Name == "text" {
			if err := f.Write(c.err, &offline.Results{Outcomes: outcomes, Files: files}, offline.Options{Version: version, Colour: c.errTTY.colour}); err != nil {
				return err
			}
		}
	}
	fmt.Fprintln(c.err, "Not packed: a runbook whose own tests fail says what it should not.")
	return exitFailed
}

// packed makes the package of a runbook, with a signature where there is a key,
// and opens it.
func packed(rb *rules.Runbook, folder rules.Overlay, created time.Time, key *signature.PrivateKey) (*bundle.Layout, *bundle.Package, error) {
	page, err := printed(rb, folder)
	if err != nil {
		return nil, nil, err
	}
	readme, err := disk.ReadFile(folder.FS, bundle.ReadmeTitle, bundle.MaxFileBytes)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, notPacked(folder.Name, err)
	}
	s := sourceOf(rb)
	s.FS, s.Readme, s.Page, s.Created = folder.FS, readme, page, created
	layout, err := bundle.Pack(s)
	if err == nil && key != nil {
		err = layout.Sign(key)
	}
	if err != nil {
		return nil, nil, notPacked(folder.Name, err)
	}
	p, err := layout.Open(bundle.Policy{})
	if err != nil {
		return nil, nil, notPacked(folder.Name, err)
	}
	return layout, p, nil
}

// sourceOf is what a runbook says of itself, as its package says it.
func sourceOf(rb *rules.Runbook) bundle.Source {
	s := bundle.Source{
		Name: rb.Name, Version: rb.Version, Title: rb.Title, Description: rb.Description,
		License: rb.License, Authors: rb.Authors, Source: rb.Source,
	}
	for _, r := range rb.Requires {
		s.Requires = append(s.Requires, r.Constraint)
	}
	for _, im := range rb.Imports {
		if expression.Module(im.Name) == "" { // those of imports stand in the packages of these
			s.Imports = append(s.Imports, packedImport(im))
		}
	}
	return s
}

// packedImport is an import as the package's config has it.
func packedImport(im *rules.Import) bundle.Import {
	b := bundle.Import{Name: im.Name, Source: im.Source}
	if im.Lock != nil {
		b.Version, b.H1 = im.Lock.Version, im.Lock.Hashes[0]
	}
	return b
}

// printed is the runbook as a page, without a site's values. It does not tell
// where the folder lay.
func printed(rb *rules.Runbook, folder rules.Overlay) ([]byte, error) {
	folder.Name = rb.Name
	named, _ := rules.Load(probe.Kinds(), folder)
	d, err := described(named, nil)
	if err != nil {
		return nil, err // the files have changed since they were proved
	}
	var page bytes.Buffer
	err = document.HTML(&page, d.Page())
	return page.Bytes(), err
}

// sourceDate is the time that SOURCE_DATE_EPOCH gives, which makes builds
// reproducible (reproducible-builds.org/specs/source-date-epoch); zero without.
func (c *console) sourceDate() (time.Time, error) {
	epoch := c.getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		return time.Time{}, nil
	}
	seconds, err := strconv.ParseUint(epoch, 10, 64)
	if err != nil || seconds > bundle.MaxCreated {
		return time.Time{}, mistake("Wrong SOURCE_DATE_EPOCH", fmt.Sprintf("The environment variable SOURCE_DATE_EPOCH is to be a number of seconds since 1970, at most %d, not %q.", bundle.MaxCreated, epoch))
	}
	return time.Unix(int64(seconds), 0).UTC(), nil
}

// packed lists a package that was made.
func (d *description) writePacked(w io.Writer, folder, signed string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Packed %s %s from %s:\n", d.Name, d.Version, folder)
	d.writeFiles(&b)
	writeFields(&b, []field{{"digest", d.Digest}, {"tests", testsText(*d.Tests)}, {"signed", signed}, {"file", *d.File}})
	_, err := io.WriteString(w, b.String())
	return err
}

func testsText(n int) string {
	if n == 0 {
		return "none: nothing shows that the runbook says what it should"
	}
	return fmt.Sprintf("%d passed", n)
}
