package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/linecheck/linecheck/rules/bundle/lock"
	"github.com/linecheck/linecheck/rules/bundle/tree"
	"github.com/linecheck/linecheck/rules/disk"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/spf13/cobra"
)

func newVendor(c *console) *cobra.Command {
	o := &lockOptions{}
	cmd := &cobra.Command{
		Use:   "vendor [FOLDER]",
		Short: "Fetch the packages that a runbook imports into its folder",
		Long: `Fetches the packages that the lock file names, by their digests, and unpacks
each into ` + language.VendorFolder + `/NAME. A copy that is as the lock has it stays, and needs no
network where no keys are trusted. Copies that nothing imports any more are
removed. Imports that are not locked yet are locked first.

` + importsHelp + `

With --trusted-keys, or keys in /etc/linecheck/` + trustedKeysDir + `, each package must
be signed with one of them; then each is fetched, and held against the copy.

Exit status: 0 if all that is imported lies in the folder, 2 if not.`,
		Example: `  linecheck vendor ./our-checks
  linecheck vendor ./our-checks --locked --trusted-keys ./keys`,
		ValidArgsFunction: completeFolder,
		RunE:              func(_ *cobra.Command, args []string) error { return o.vendor(c, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	o.lockedFlag(f)
	o.flags(f)
	return cmd
}

func (o *lockOptions) vendor(c *console, args []string) error {
	ctx, cancel := interruptible(0)
	defer cancel()
	r, err := o.resolve(ctx, c, args)
	if err != nil {
		return err
	}
	if err := o.save(r); err != nil {
		return err
	}
	folder := filepath.Join(filepath.FromSlash(r.folder.Name), language.VendorFolder)
	if err := vendorFolder(folder, len(r.imports) > 0); err != nil {
		return err
	}
	// What was done is said also where something else went wrong.
	var b strings.Builder
	t := &terminal.Table{}
	err = o.vendorAll(ctx, c, r, folder, t)
	b.WriteString(t.String())
	if len(r.imports) == 0 {
		fmt.Fprintf(&b, "%s imports nothing from a registry.\n", r.folder.Name)
	}
	if _, outErr := io.WriteString(c.out, b.String()); err == nil {
		err = outErr
	}
	return err
}

// vendorAll brings all packages into their places, removes what nothing imports
// any more, and notes what was done.
func (o *lockOptions) vendorAll(ctx context.Context, c *console, r *resolution, folder string, done *terminal.Table) error {
	for _, e := range r.after.Entries {
		did, err := o.vendorOne(ctx, c, r, e, folder)
		if err != nil {
			return err
		}
		done.Row(e.Name, e.Version, did)
	}
	// A run that was ended by force may have left the only copy there is, which
	// is kept until there is a new one.
	disk.Clear(folder)
	removed, err := removeStrays(c, folder, r.after)
	for _, name := range removed {
		done.Row(name, "", "removed: nothing imports it")
	}
	return err
}

// vendorFolder makes the folder of the copies where it is needed. A link in its
// place would lead out of the runbook.
func vendorFolder(folder string, needed bool) error {
	info, err := os.Lstat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !needed:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		err = os.Mkdir(folder, 0o777)
	case err == nil && !info.IsDir():
		return mistake("Not a folder", fmt.Sprintf("%s is no folder, and the packages that are imported are written there. Move it away.", folder))
	}
	if err != nil {
		return mistake("Can't write there", fmt.Sprintf("%v.", err))
	}
	return nil
}

// vendorOne brings one package into its place and says what was done.
func (o *lockOptions) vendorOne(ctx context.Context, c *console, r *resolution, e *lock.Entry, folder string) (string, error) {
	place := filepath.Join(folder, e.Name)
	before, err := hashOf(place)
	if err == nil && slices.Contains(e.Hashes, before) {
		if p := r.pulled[e.Name]; p != nil {
			return "as before, " + p.trust(), nil
		}
		return "as before", nil
	}
	p, err := o.lockedPackage(ctx, c, r, e)
	if err != nil {
		return "", err
	}
	if !slices.Contains(e.Hashes, p.Config.H1) {
		return "", mistake("Another package than was locked", fmt.Sprintf("The files of %s %s have the hash %s, and %s has another. Run \"linecheck lock --upgrade\", and look at what it changes.", e.Name, e.Version, p.Config.H1, r.after.Name))
	}
	if err := swapIn(p, place); err != nil {
		return "", err
	}
	did := "fetched"
	if before != "" {
		did = "replaced"
	}
	return fmt.Sprintf("%s, %s: %s", did, p.trust(), terminal.Count(len(p.Files()), "file")), nil
}

// lockedPackage is the package that the lock names.
func (o *lockOptions) lockedPackage(ctx context.Context, c *console, r *resolution, e *lock.Entry) (*openedPackage, error) {
	if p := r.pulled[e.Name]; p != nil {
		return p, nil
	}
	ref, err := reference(e.Source)
	if err != nil {
		return nil, err
	}
	if ref, err = reference(ref.At(e.Version).String() + "@" + e.Digest); err != nil {
		return nil, err
	}
	trusts, err := o.trusts(c, nil, nil)
	if err != nil {
		return nil, err
	}
	return o.fetch(ctx, c, ref, trusts)
}

// hashOf is the hash of a folder's files; "" where there is none.
func hashOf(folder string) (string, error) {
	info, err := os.Lstat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", err
	case !info.IsDir():
		return "?", nil
	}
	hash, err := tree.Hash(disk.Folder(folder, nil))
	if err != nil {
		return "?", nil // whatever it is, it is not what the lock names
	}
	return hash, nil
}

// swapIn unpacks a package beside its place and then puts it there: whoever
// reads meanwhile sees the old copy or the new one, but for a moment.
func swapIn(p *openedPackage, place string) (err error) {
	stage, err := disk.NewStage(filepath.Dir(place))
	if err != nil {
		return cantSwap(place, err)
	}
	defer func() { err = errors.Join(err, stage.Remove()) }()
	fresh, old := stage.Path("new"), stage.Path("old")
	if err := p.Unpack(fresh); err != nil {
		return notUnpacked(place, err)
	}
	err = os.Rename(place, old)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cantSwap(place, err)
	}
	if err := os.Rename(fresh, place); err != nil {
		return errors.Join(cantSwap(place, err), os.Rename(old, place))
	}
	return nil
}

func cantSwap(place string, err error) error {
	return mistake("Can't write there", fmt.Sprintf("%s can't be replaced: %v. Make room, or ask whoever the folder belongs to.", place, disk.Cause(err)))
}

// removeStrays removes the copies that nothing imports, and leaves alone what is
// none.
func removeStrays(c *console, folder string, lock *lock.File) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var removed []string
	for _, e := range entries {
		name := filepath.Join(folder, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."), lock.Entry(e.Name()) != nil:
		case !e.IsDir() || !holdsChecks(name):
			fmt.Fprintf(c.err, "Left alone: %s is no copy of a runbook.\n", name)
		default:
			if err := os.RemoveAll(name); err != nil {
				return removed, mistake("Can't write there", fmt.Sprintf("%v.", err))
			}
			removed = append(removed, e.Name())
		}
	}
	return removed, nil
}

// holdsChecks reports whether a folder is a runbook.
func holdsChecks(folder string) bool {
	entries, err := os.ReadDir(folder)
	return err == nil && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return language.IsCheckFile(e.Name()) })
}
