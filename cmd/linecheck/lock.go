package main

import (
	"fmt"
	"strings"

	"github.com/linecheck/linecheck/rules/bundle/lock"
	"github.com/linecheck/linecheck/rules/bundle/registry"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func newLock(c *console) *cobra.Command {
	o := &lockOptions{}
	cmd := &cobra.Command{
		Use:   "lock [FOLDER]",
		Short: "Choose and write down which packages imports stand for",
		Long: `Chooses for each import from a registry the newest version that its constraint
allows, and writes it with its digest and hashes into the lock file. What is
locked already stays as long as it fits; --upgrade chooses anew. A version that
is older than the locked one, or another package under its version, is refused
unless --allow-downgrade says that it is meant.

` + importsHelp + `

With --trusted-keys, or keys in /etc/linecheck/` + trustedKeysDir + `, each package must
be signed with one of them, also one that is locked already: its signature is
asked for at the registry. The lock says which key it was, and proves nothing.

Exit status: 0 if the lock is up to date, 2 if not.`,
		Example: `  linecheck lock ./our-checks
  linecheck lock ./our-checks --upgrade --trusted-keys ./keys
  linecheck lock ./our-checks --locked`,
		ValidArgsFunction: completeFolder,
		RunE:              func(_ *cobra.Command, args []string) error { return o.lock(c, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	o.lockedFlag(f)
	f.BoolVar(&o.upgrade, "upgrade", false, "choose the newest versions that are allowed, whatever is locked")
	f.BoolVar(&o.allowDowngrade, "allow-downgrade", false, "let an import go back to an older version, or to another package of the same version")
	o.flags(f)
	return cmd
}

// lockedFlag declares --locked.
func (o *lockOptions) lockedFlag(f *pflag.FlagSet) {
	f.BoolVar(&o.locked, "locked", false, "change nothing in the lock: refuse if it is not up to date")
}

// completeFolder completes an argument by folders.
func completeFolder(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveFilterDirs
}

func (o *lockOptions) lock(c *console, args []string) error {
	ctx, cancel := interruptible(0)
	defer cancel()
	r, err := o.resolve(ctx, c, args)
	if err != nil {
		return err
	}
	if err := o.save(r); err != nil {
		return err
	}
	_, err = c.out.Write([]byte(r.text()))
	return err
}

// text lists what the imports stand for, for people.
func (r *resolution) text() string {
	var b strings.Builder
	if len(r.imports) == 0 {
		fmt.Fprintf(&b, "%s imports nothing from a registry.\n", r.folder.Name)
	}
	t := &terminal.Table{}
	for _, im := range r.imports {
		e := r.after.Entry(im.Name)
		t.Row(e.Name, e.Version, r.history(e))
	}
	for _, old := range r.before.Entries {
		if r.after.Entry(old.Name) == nil {
			t.Row(old.Name, old.Version, "removed")
		}
	}
	b.WriteString(t.String())
	if len(r.imports) > 0 {
		fmt.Fprintf(&b, "Locked in %s.\n", r.after.Name)
	}
	return b.String()
}

// history says where an entry of the lock comes from.
func (r *resolution) history(e *lock.Entry) string {
	old, p := r.before.Entry(e.Name), r.pulled[e.Name]
	var parts []string
	switch {
	case old == nil:
		parts = append(parts, "new")
	case registry.CompareVersions(e.Version, old.Version) < 0:
		parts = append(parts, "was "+old.Version+", which is newer")
	case old.Version != e.Version:
		parts = append(parts, "was "+old.Version)
	default:
		parts = append(parts, "as before")
	}
	switch {
	case p != nil && e.Signer == "" && old != nil && old.Signer != "":
		parts = append(parts, fmt.Sprintf("%s, and %s was signed by %s: name the keys with --trusted-keys", p.trust(), old.Version, old.Signer))
	case p != nil:
		parts = append(parts, p.trust())
	case e.Signer != "":
		parts = append(parts, "not verified now, when it was locked signed by "+e.Signer)
	default:
		parts = append(parts, "not verified")
	}
	return strings.Join(parts, ", ")
}
