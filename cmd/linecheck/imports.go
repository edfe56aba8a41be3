package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/bundle/lock"
	"github.com/linecheck/linecheck/rules/bundle/registry"
	"github.com/linecheck/linecheck/rules/disk"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"golang.org/x/mod/semver"
)

const importsHelp = `A runbook imports another one with a block such as

  import "net" {
    source  = "oci://registry.example/runbooks/net"
    version = "~> 2.1"
  }

The lock file, ` + language.LockName + ` beside the check files, says which package each
import stands for; "linecheck lock" writes it. The packages' files lie in the
folder ` + language.VendorFolder + `, where "linecheck vendor" puts them, so that running and packing
the runbook needs no network. Keep both under version control. FOLDER is that of
the check files; without one it is ./checks.d.`

// lockOptions are the flags of commands that resolve imports.
type lockOptions struct {
	packageOptions
	locked         bool
	upgrade        bool
	allowDowngrade bool
}

// A resolution is what the imports of a folder stand for.
type resolution struct {
	folder  rules.Overlay // on disk, at its name
	imports []*rules.Import
	before  *lock.File
	after   *lock.File
	pulled  map[string]*openedPackage // packages that had to be fetched, by import
}

// resolve finds out what each import from a registry stands for: what the lock
// says where that still fits, else the newest version that is allowed. Nothing
// is fetched but what is not locked yet, or not by a key that is trusted now.
func (o *lockOptions) resolve(ctx context.Context, c *console, args []string) (*resolution, error) {
	r, err := importsOf(c, args)
	if err != nil {
		return nil, err
	}
	trusts, err := o.trusts(c, nil, nil)
	if err != nil {
		return nil, err
	}
	var diags hcl.Diagnostics
	for _, im := range r.imports {
		entry, err := o.resolveOne(ctx, c, r, im, trusts)
		if err != nil {
			diags = append(diags, at(im.DeclRange, err)...)
			continue
		}
		if back := r.downgrade(entry); back != "" && !o.allowDowngrade && !o.locked { // --locked refuses every change
			diags = append(diags, at(im.DeclRange, o.refuseDowngrade(back))...)
		}
		r.after.Entries = append(r.after.Entries, entry)
	}
	if diags.HasErrors() {
		c.diagnose(quoted(diags), diags)
		return nil, exitWrong
	}
	return r, nil
}

// importsOf reads the imports of a folder and its lock.
func importsOf(c *console, args []string) (*resolution, error) {
	if len(args) > 1 {
		return nil, mistake("Several folders", fmt.Sprintf("Imports belong to one folder of check files, and %s are named. Name one.", strings.Join(args, " and ")))
	}
	dir := "checks.d"
	if len(args) == 1 {
		dir = args[0]
	}
	switch {
	case isPackage(dir):
		return nil, onlyFolders(dir, "it holds what it imports already")
	case !isFolder(dir):
		return nil, mistake("Which folder?", fmt.Sprintf("There is no folder %s. Name the folder of the check files whose imports are meant.", dir))
	}
	dir = filepath.Clean(dir)
	r := &resolution{folder: rules.Overlay{Name: filepath.ToSlash(dir), FS: c.folder(dir)}, pulled: map[string]*openedPackage{}}
	all, diags := rules.Imports(r.folder)
	before, more := lock.Read(r.folder.Name, r.folder.FS)
	diags = append(diags, more...)
	if diags.HasErrors() {
		c.diagnose(quoted(diags), diags)
		return nil, exitWrong
	}
	r.imports = slices.DeleteFunc(all, func(im *rules.Import) bool { return !inRegistry(im.Source) })
	r.before, r.after = before, &lock.File{Name: before.Name}
	return r, nil
}

// resolveOne finds out what one import stands for.
func (o *lockOptions) resolveOne(ctx context.Context, c *console, r *resolution, im *rules.Import, trusts []trust) (*lock.Entry, error) {
	ref, err := reference(im.Source)
	if err != nil {
		return nil, err
	}
	entry := r.before.Entry(im.Name)
	kept := entry != nil && entry.Source == im.Source && allows(im, entry.Version)
	if kept && o.upgrade {
		newest, err := o.newest(ctx, c, ref, im)
		if err != nil {
			return nil, err
		}
		kept = newest == entry.Version
	}
	if kept && len(trusts) == 0 {
		same := *entry
		same.Constraints = im.Version
		return &same, nil
	}
	if kept {
		ref, err = reference(ref.At(entry.Version).String() + "@" + entry.Digest)
	} else {
		var newest string
		newest, err = o.newest(ctx, c, ref, im)
		ref = ref.At(newest)
	}
	if err != nil {
		return nil, err
	}
	return o.lockOne(ctx, c, r, im, ref, trusts)
}

// lockOne fetches a package and is the entry that names it.
func (o *lockOptions) lockOne(ctx context.Context, c *console, r *resolution, im *rules.Import, ref registry.Reference, trusts []trust) (*lock.Entry, error) {
	p, err := o.fetch(ctx, c, ref, trusts)
	if err != nil {
		return nil, err
	}
	r.pulled[im.Name] = p
	entry := &lock.Entry{
		Name: im.Name, Source: im.Source, Version: p.Config.Version, Constraints: im.Version,
		Digest: p.Digest.String(), Hashes: []string{p.Config.H1},
	}
	if len(p.signers) > 0 {
		entry.Signer = p.signers[0].Fingerprint()
	}
	return entry, nil
}

// fetch pulls and opens a package.
func (o *packageOptions) fetch(ctx context.Context, c *console, ref registry.Reference, trusts []trust) (*openedPackage, error) {
	r, err := o.pull(ctx, c, ref.String())
	if err != nil {
		return nil, err
	}
	return r.open(trusts)
}

// newest is the newest version that an import allows.
func (o *lockOptions) newest(ctx context.Context, c *console, ref registry.Reference, im *rules.Import) (string, error) {
	t := c.startTransfer("Asking for versions of", im.Source)
	defer t.stop()
	versions, err := o.client(c, t).Versions(ctx, ref)
	if err != nil {
		return "", atRegistry(err)
	}
	slices.Reverse(versions)
	for _, v := range versions {
		if allows(im, v) {
			return v, nil
		}
	}
	const summary = "No version that fits"
	switch {
	case len(versions) == 0:
		return "", mistake(summary, fmt.Sprintf("%s has no version of a runbook. Push one first.", im.Source))
	case im.Version == "":
		return "", mistake(summary, fmt.Sprintf("%s has prereleases only: %s. Name the one that you want: version = %q.", im.Source, terminal.Names(versions), versions[0]))
	}
	return "", mistake(summary, fmt.Sprintf("None of the versions of %s is allowed by %q. There is: %s.", im.Source, im.Version, terminal.Names(versions)))
}

// allows reports whether an import may be of a version. Without a constraint it
// is any that is no prerelease; with one go-version decides, as for Terraform's
// modules.
func allows(im *rules.Import, v string) bool {
	if im.Version != "" {
		return rules.Requirement{Constraint: im.Version}.Allows(v)
	}
	return semver.Prerelease("v"+v) == ""
}

// changes says in words how the lock differs from the one that was read.
func (r *resolution) changes() []string {
	var all []string
	for _, e := range r.after.Entries {
		old := r.before.Entry(e.Name)
		switch {
		case old == nil:
			all = append(all, fmt.Sprintf("import %q is not in it", e.Name))
		case old.Version != e.Version:
			all = append(all, fmt.Sprintf("import %q is of version %s there, and %s now", e.Name, old.Version, e.Version))
		case old.Source != e.Source, old.Digest != e.Digest, !slices.Equal(old.Hashes, e.Hashes):
			all = append(all, fmt.Sprintf("import %q is another package there", e.Name))
		case old.Constraints != e.Constraints:
			all = append(all, fmt.Sprintf("import %q has the constraint %q there, and %q now", e.Name, old.Constraints, e.Constraints))
		case old.Signer != e.Signer:
			all = append(all, fmt.Sprintf("import %q has another signer there", e.Name))
		}
	}
	for _, old := range r.before.Entries {
		if r.after.Entry(old.Name) == nil {
			all = append(all, fmt.Sprintf("import %q is no more", old.Name))
		}
	}
	return all
}

// downgrade says in words how an entry goes back behind what was locked: to an
// older version, or to another package under the same version; "" if it does
// not. A registry, or who stands before it, that hides the newest version brings
// its mended faults back.
func (r *resolution) downgrade(e *lock.Entry) string {
	old := r.predecessor(e)
	switch {
	case old == nil:
		return ""
	case registry.CompareVersions(e.Version, old.Version) < 0:
		return fmt.Sprintf("import %q is locked to version %s, and the newest that %s offers and the constraint allows is %s, which is older. Versions do not vanish by themselves: look whether the newer one was withdrawn, whether the registry hides it, and what changed the constraint.", old.Name, old.Version, e.Source, e.Version)
	case e.Version == old.Version && e.Digest != old.Digest:
		return fmt.Sprintf("import %q is locked to version %s with the digest %s, and %s has another package under that version, %s. A version that is out does not change: ask who made it which of the two is theirs.", old.Name, old.Version, old.Digest, e.Source, e.Digest)
	}
	return ""
}

// predecessor is what the lock said of the runbook that an entry is of: under
// the import's name, wherever it came from, else under a name that is gone.
func (r *resolution) predecessor(e *lock.Entry) *lock.Entry {
	if old := r.before.Entry(e.Name); old != nil && path.Base(old.Source) == path.Base(e.Source) {
		return old
	}
	var newest *lock.Entry
	for _, old := range r.before.Entries {
		gone := !slices.ContainsFunc(r.imports, func(im *rules.Import) bool { return im.Name == old.Name })
		if gone && old.Source == e.Source && (newest == nil || registry.CompareVersions(newest.Version, old.Version) < 0) {
			newest = old
		}
	}
	return newest
}

func (o *lockOptions) refuseDowngrade(back string) error {
	command := "linecheck lock --allow-downgrade"
	if o.upgrade {
		command = "linecheck lock --upgrade --allow-downgrade"
	}
	return mistake("Lock that would go back", fmt.Sprintf("The %s If you mean it, run %q. Nothing was changed.", back, command))
}

// save writes the lock where it changed. With --locked a change is refused.
func (o *lockOptions) save(r *resolution) error {
	changes := r.changes()
	switch {
	case len(changes) == 0:
		return nil
	case o.locked:
		return mistake("Lock that would change", fmt.Sprintf("%s is not up to date: %s. Run \"linecheck lock\" without --locked, and look at what it changes.", r.before.Name, strings.Join(changes, "; ")))
	}
	name := filepath.FromSlash(r.before.Name)
	if len(r.after.Entries) == 0 {
		return os.Remove(name)
	}
	disk.Clear(filepath.Dir(name))
	if err := disk.Write(name, r.after.Bytes()); err != nil {
		return mistake("Can't write there", fmt.Sprintf("%s: the lock can't be written: %v. Make room, or ask whoever the folder belongs to.", name, disk.Cause(err)))
	}
	return nil
}

// at is an error with the place that it is about.
func at(rng hcl.Range, err error) hcl.Diagnostics {
	diags := asDiagnostics(err)
	for _, d := range diags {
		if d.Subject == nil {
			d.Subject = &rng
		}
	}
	return diags
}

// quoted are the bytes of the files that diagnostics are about, as far as they
// can be read.
func quoted(diags hcl.Diagnostics) map[string][]byte {
	files := map[string][]byte{}
	for _, d := range diags {
		if d.Subject == nil || files[d.Subject.Filename] != nil {
			continue
		}
		dir, name := filepath.Split(filepath.FromSlash(d.Subject.Filename))
		if src, problem := language.ReadFile(disk.Folder(cmp.Or(dir, "."), nil), name, d.Subject.Filename); problem == nil {
			files[d.Subject.Filename] = src
		}
	}
	return files
}
