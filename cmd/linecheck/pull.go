package main

import (
	"fmt"

	"github.com/linecheck/linecheck/rules/bundle/registry"
	"github.com/spf13/cobra"
)

type pullOptions struct {
	packageOptions
	output outputOptions
}

func newPull(c *console) *cobra.Command {
	o := &pullOptions{}
	cmd := &cobra.Command{
		Use:   "pull oci://HOST/PATH/NAME[:VERSION]",
		Short: "Fetch a package from a registry into a file",
		Long: `Fetches a package with its signatures into the file NAME-VERSION.oci.tar, which
can be carried to where there is no network. Without a version it is the newest
release; with @sha256:… it is that package and no other. The registry is
logged into with what "docker login" has stored.

With --trusted-keys, or keys in /etc/linecheck/` + trustedKeysDir + `, it must be signed
with one of them, or nothing is written.

Exit status: 0 if it was fetched, 2 if not.`,
		Example: `  linecheck pull oci://registry.example/runbooks/mail-line
  linecheck pull oci://registry.example/runbooks/mail-line:1.0.0 --trusted-keys ./keys
  linecheck pull oci://127.0.0.1:5000/mail-line:1.0.0 --plain-http -o mail.oci.tar`,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(_ *cobra.Command, args []string) error { return o.run(c, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	o.output.flags(f)
	o.flags(f)
	return cmd
}

func (o *pullOptions) run(c *console, args []string) error {
	if len(args) != 1 || !inRegistry(args[0]) {
		return mistake("Pull what?", fmt.Sprintf("Name one package in a registry, for example: linecheck pull %sregistry.example/runbooks/mail-line:1.0.0.", registry.Scheme))
	}
	if err := o.output.check(c); err != nil {
		return err
	}
	ctx, cancel := interruptible(0)
	defer cancel()
	r, p, err := o.receiveAndOpen(ctx, c, args[0])
	if err != nil {
		return err
	}
	file := o.output.name(p.Config.Name, p.Config.Version)
	if err := o.output.write(c, file, r.layout); err != nil {
		return err
	}
	newest := ""
	if p.newest {
		newest = ", the newest release"
	}
	_, err = fmt.Fprintf(c.out, "Pulled %s%s, %s, to %s\n%s\n", p.title(), newest, p.trust(), file, p.Digest)
	return err
}
