package main

import (
	"fmt"
	"path"

	"github.com/linecheck/linecheck/rules/bundle/registry"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/spf13/cobra"
)

func newPush(c *console) *cobra.Command {
	o := &registryOptions{}
	cmd := &cobra.Command{
		Use:   "push PACKAGE oci://HOST/PATH/NAME[:VERSION]",
		Short: "Put a package into a registry, with its signatures",
		Long: `Puts a package file with its signatures into an OCI registry. The last part of
the path is the runbook's name, the tag is its version; without a tag it is that
of the package. A version that is there with other content is not overwritten.
The registry is logged into with what "docker login" has stored.

Exit status: 0 if the package is there, 2 if not.`,
		Example: `  linecheck push mail-line-1.0.0.oci.tar oci://registry.example/runbooks/mail-line
  linecheck push mail-line-1.0.0.oci.tar oci://127.0.0.1:5000/mail-line --plain-http`,
		ValidArgsFunction: completePackage,
		RunE:              func(_ *cobra.Command, args []string) error { return o.push(c, args) },
	}
	cmd.Flags().SortFlags = false
	o.flags(cmd.Flags())
	return cmd
}

func (o *registryOptions) push(c *console, args []string) error {
	if len(args) != 2 || inRegistry(args[0]) || !inRegistry(args[1]) {
		return mistake("Push what, and where to?", fmt.Sprintf("Name the file of a package and a repository that begins with %s, for example: linecheck push mail-line-1.0.0%s %[1]sregistry.example/runbooks/mail-line.", registry.Scheme, packageSuffix))
	}
	ref, err := reference(args[1])
	if err != nil {
		return err
	}
	layout, err := c.readPackage(args[0])
	if err != nil {
		return err
	}
	r := received{name: args[0], layout: layout}
	p, err := r.open(nil)
	if err != nil {
		return err
	}
	switch name, v := p.Config.Name, p.Config.Version; {
	case ref.Name() != name:
		return mistake("Repository of another runbook", fmt.Sprintf("%s is the runbook %s, and the last part of the path must be its name. Push to %s%s/%s.", args[0], name, registry.Scheme, ref.Host, path.Join(path.Dir(ref.Repository), name)))
	case ref.Tag != "" && ref.Version() != v:
		return mistake("Another version", fmt.Sprintf("%s is version %s of %s, and can't be pushed as %s. Leave the version out of the reference, or change it in the runbook block and pack again.", args[0], v, name, ref.Version()))
	case ref.Tag == "":
		digest := ref.Digest
		ref = ref.At(p.Config.Version)
		ref.Digest = digest
	}
	ctx, cancel := interruptible(0)
	defer cancel()
	t := c.startTransfer("Pushing", p.title())
	digest, err := o.client(c, t).Push(ctx, ref, layout)
	t.stop()
	if err != nil {
		return fetched(args[0], err)
	}
	signed := "not signed"
	if n := len(layout.Signatures); n > 0 {
		signed = "with " + terminal.Count(n, "signature")
	}
	_, err = fmt.Fprintf(c.out, "Pushed %s, %s, to %s\n%s\n", p.title(), signed, ref, digest)
	return err
}
