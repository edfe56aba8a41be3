package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/disk"
	"github.com/linecheck/linecheck/rules/format"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"
)

// exitUnformatted is what fmt -check leaves where a file is not in its
// canonical form, as Terraform's does.
const exitUnformatted exitCode = 3

const (
	stdinArg  = "-"       // an argument that stands for standard input
	stdinName = "<stdin>" // what it is called in messages
)

// maxStdin bounds what is read of standard input, in bytes: more than any file
// may have, so that rules says that it is too much.
const maxStdin = 32 << 20

// runbookFolders are the folders within a runbook whose files belong to it.
var runbookFolders = []string{"sites.d", "tests"}

type fmtOptions struct {
	check, diff, list, recursive, write bool
}

func newFmt(c *console) *cobra.Command {
	o := &fmtOptions{}
	cmd := &cobra.Command{
		Use:   "fmt [FILE|FOLDER …|-]",
		Short: "Bring check files into their canonical form",
		Long: `Rewrites check files, site profiles and tests in one form: indentation by two
spaces, equals signs aligned, one blank line between blocks, no needless
"${…}". What the rules mean does not change, nor do comments and texts.
Prints the names of the files that changed.

Of a folder, the *.hcl files are formatted and those of its sites.d and tests;
with --recursive those of all folders within it, but for copies of packages in
` + language.VendorFolder + `, which must stay as they were fetched. Without an argument, the
folders are ./checks.d, if there is one, and ./sites.d; else the current one. A
file that is named is formatted whatever its name; JSON never is. "-" formats
standard input to standard output. A file with a syntax error is left as it is.

Exit status: 0 if all is well; 2 if a file was refused; with --check, 3 if a
file would change.`,
		Example: `  linecheck fmt
  linecheck fmt -check -diff ./our-checks
  linecheck fmt -recursive .
  linecheck fmt - < draft.hcl`,
		RunE: func(_ *cobra.Command, args []string) error { return o.run(c, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVar(&o.check, "check", false, "change nothing; exit with 3 if a file would change")
	f.BoolVar(&o.diff, "diff", false, "print what changes, as a unified diff")
	f.BoolVar(&o.list, "list", true, "print the names of the files that change; off with --list=false")
	f.BoolVar(&o.recursive, "recursive", false, "format the files of folders within folders as well")
	f.BoolVar(&o.write, "write", true, "write the files; off with --write=false and --check")
	return cmd
}

func (o *fmtOptions) run(c *console, args []string) error {
	if slices.Contains(args, stdinArg) {
		if len(args) > 1 {
			return mistake("Standard input and files", "\"-\" formats standard input and stands alone. Format the files with a command of their own.")
		}
		return o.formatStdin(c)
	}
	names, diags := o.find(args)
	quoted := map[string][]byte{}
	changed := false
	ctx, cancel := interruptible(0)
	defer cancel()
	cleared := map[string]bool{}
	for _, name := range names {
		if ctx.Err() != nil {
			c.diagnose(quoted, diags)
			return errInterrupted()
		}
		if dir := filepath.Dir(name); o.write && !o.check && !cleared[dir] {
			disk.Clear(dir)
			cleared[dir] = true
		}
		src, different, fileDiags := o.formatFile(c, name)
		if fileDiags.HasErrors() {
			quoted[name] = src
		}
		diags = append(diags, fileDiags...)
		changed = changed || different
	}
	if diags.HasErrors() {
		c.diagnose(quoted, diags)
		return exitWrong
	}
	return o.verdict(changed)
}

func (o *fmtOptions) verdict(changed bool) error {
	if o.check && changed {
		return exitUnformatted
	}
	return nil
}

func (o *fmtOptions) formatStdin(c *console) error {
	src, err := io.ReadAll(io.LimitReader(c.in, maxStdin))
	if err != nil {
		return mistake("Unreadable", fmt.Sprintf("Standard input can't be read: %v.", err))
	}
	text, diags := format.Source(stdinName, src)
	if diags.HasErrors() {
		c.diagnose(map[string][]byte{stdinName: src}, diags)
		return exitWrong
	}
	switch {
	case o.diff:
		err = o.writeDiff(c, stdinName, src, text)
	case !o.check:
		_, err = c.out.Write(text)
	}
	if err != nil {
		return err
	}
	return o.verdict(!bytes.Equal(src, text))
}

// formatFile formats one file and says whether that makes a difference. The
// bytes are what was read, for diagnostics to quote.
func (o *fmtOptions) formatFile(c *console, name string) (src []byte, different bool, diags hcl.Diagnostics) {
	src, d := language.ReadFile(disk.Folder(filepath.Dir(name), nil), filepath.Base(name), name)
	if d != nil {
		return nil, false, hcl.Diagnostics{d}
	}
	text, diags := format.Source(name, src)
	if diags.HasErrors() || bytes.Equal(src, text) {
		return src, false, diags
	}
	if o.write && !o.check {
		if err := disk.Write(name, text); err != nil {
			return src, false, append(diags, mistake("File not written", fmt.Sprintf("%s is left as it is: %v.", name, disk.Cause(err))))
		}
	}
	if o.list {
		fmt.Fprintln(c.out, name)
	}
	if o.diff {
		// Whoever reads our output and goes away does not hinder the writing.
		_ = o.writeDiff(c, name, src, text)
	}
	return src, true, diags
}

func (o *fmtOptions) writeDiff(c *console, name string, before, after []byte) error {
	name = filepath.ToSlash(name)
	text := diff.Diff("old/"+name, before, "new/"+name, after)
	if c.outTTY.width > 0 {
		text = []byte(terminal.Spell(string(text), "\n\t"+terminal.Joiners))
	}
	_, err := c.out.Write(text)
	return err
}

// find lists the files that arguments name, each once.
func (o *fmtOptions) find(args []string) (names []string, diags hcl.Diagnostics) {
	if len(args) == 0 {
		args = fmtDefault()
	}
	for _, arg := range args {
		if isPackage(arg) {
			diags = append(diags, asDiagnostics(onlyFolders(arg, "what it holds can't be changed"))...)
			continue
		}
		arg = filepath.Clean(arg)
		info, err := os.Stat(arg)
		switch {
		case err != nil:
			diags = append(diags, mistake("No such file or folder", fmt.Sprintf("%v. Name a file or a folder of check files.", err)))
		case info.IsDir():
			diags = append(diags, o.walk(arg, &names)...)
		case strings.HasSuffix(arg, ".json"):
			diags = append(diags, mistake("JSON is not formatted", fmt.Sprintf("%s is written in JSON, which linecheck leaves as it is. Format it with jq or your editor.", arg)))
		default:
			names = append(names, arg)
		}
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(names, func(name string) bool {
		twice := seen[name]
		seen[name] = true
		return twice
	}), diags
}

// fmtDefault is what is formatted where nothing is named.
func fmtDefault() []string {
	var found []string
	for _, dir := range []string{"checks.d", "sites.d"} { // where run looks
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			found = append(found, dir)
		}
	}
	if len(found) == 0 || found[0] != "checks.d" {
		return []string{"."} // with a sites.d in it
	}
	return found
}

// walk adds the files of a folder. Links to folders are not followed.
func (o *fmtOptions) walk(dir string, names *[]string) (diags hcl.Diagnostics) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return hcl.Diagnostics{mistake("Unreadable", fmt.Sprintf("The folder %s can't be read: %v.", dir, err))}
	}
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case e.IsDir() && e.Name() == language.VendorFolder && isLocked(dir):
		case e.IsDir():
			if o.recursive || slices.Contains(runbookFolders, e.Name()) {
				diags = append(diags, o.walk(name, names)...)
			}
		case filepath.Ext(name) == ".hcl" && !leadsToFolder(name, e):
			*names = append(*names, name)
		}
	}
	return diags
}

// isLocked reports whether a folder holds the lock of a runbook's imports, whose
// hashes a change of their copies would belie.
func isLocked(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, language.LockName))
	return err == nil
}

func leadsToFolder(name string, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return false
	}
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
