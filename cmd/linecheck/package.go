package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/bundle/registry"
	"github.com/linecheck/linecheck/rules/bundle/signature"
	"github.com/linecheck/linecheck/rules/disk"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const (
	// packageSuffix ends the names of the files that pack and pull write.
	packageSuffix = ".oci.tar"
	// archiveSuffix ends the names of all files that are taken for packages:
	// others, such as skopeo, are told a name by their users.
	archiveSuffix = ".tar"
)

const packageHelp = `A PACKAGE is a file NAME-VERSION.oci.tar, or oci://HOST/PATH/NAME:VERSION in a
registry; without :VERSION it is the newest release there, and @sha256:… pins
it. Only such a reference makes linecheck use the network; it logs in with what
"docker login" has stored, which goes to that host and port alone, or to the
token service that the registry names over TLS.`

// isPackage reports whether a RUNBOOK argument names a package. Of files the
// name decides, but for folders.
func isPackage(arg string) bool {
	return inRegistry(arg) || strings.HasSuffix(arg, archiveSuffix) && !isFolder(arg)
}

// onlyFolders is the mistake of a package where only a folder will do.
func onlyFolders(arg, why string) error {
	return mistake("Package in place of a folder", fmt.Sprintf("%s is a package, and %s. Make a folder of it first: linecheck unpack %[1]s FOLDER.", arg, why))
}

// inRegistry reports whether a package is to be fetched.
func inRegistry(arg string) bool { return strings.HasPrefix(arg, registry.Scheme) }

// registryOptions are the flags of whatever may use a registry.
type registryOptions struct {
	plainHTTP bool
	caFile    string
}

func (o *registryOptions) flags(f *pflag.FlagSet) {
	f.BoolVar(&o.plainHTTP, "plain-http", false, "talk to the registry without TLS; what \"docker login\" has stored goes there unencrypted, and nowhere else")
	f.StringVar(&o.caFile, "ca-file", "", "trust the authorities in this `FILE` (PEM) as well when talking to the registry")
}

// packageOptions are the flags of whatever opens packages.
type packageOptions struct {
	registryOptions
	trustedKeys string
}

func (o *packageOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.trustedKeys, "trusted-keys", "", "packages must be signed with one of the public keys in this `FOLDER`")
	must(f.SetAnnotation("trusted-keys", cobra.BashCompSubdirsInDir, []string{}))
	o.registryOptions.flags(f)
}

// completePackage completes a PACKAGE argument.
func completePackage(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []string{"tar"}, cobra.ShellCompDirectiveFilterFileExt
}

// onePackage is the argument of a command that takes one package.
func onePackage(cmd *cobra.Command, args []string) (string, error) {
	if len(args) != 1 {
		return "", mistake("Which package?", fmt.Sprintf("Name one package, a file *%s or a reference %s…, for example: %s.",
			packageSuffix, registry.Scheme, firstExample(cmd)))
	}
	return args[0], nil
}

// firstExample is the first command line of a command's examples.
func firstExample(cmd *cobra.Command) string {
	line, _, _ := strings.Cut(cmd.Example, "\n")
	return strings.TrimSpace(line)
}

// A received package is as it came from a file or a registry: nothing of it has
// been believed.
type received struct {
	name   string // the argument
	layout *bundle.Layout
	wanted bundle.Policy // what the argument itself asks for
	newest bool          // its version was not asked for
}

// receive reads a file or pulls from a registry.
func (o *registryOptions) receive(ctx context.Context, c *console, arg string) (*received, error) {
	if inRegistry(arg) {
		return o.pull(ctx, c, arg)
	}
	layout, err := c.readPackage(arg)
	if err != nil {
		return nil, err
	}
	return &received{name: arg, layout: layout}, nil
}

// readPackage reads the file of a package.
func (c *console) readPackage(name string) (*bundle.Layout, error) {
	f, err := c.noted(openPackageFile(name))
	if err != nil {
		err = disk.Cause(err)
		return nil, mistake("No such package", fmt.Sprintf("%s: %v. Name a file *%s that \"linecheck pack\" wrote, or a reference %sHOST/PATH/NAME:VERSION to a package in a registry.",
			name, err, packageSuffix, registry.Scheme))
	}
	defer f.Close()
	layout, err := bundle.ReadLayout(f)
	if err != nil {
		return nil, refused(name, err)
	}
	return layout, nil
}

// errFolder is a folder in place of a package.
var errFolder = errors.New("this is a folder (\"linecheck pack\" makes a package of one)")

func openPackageFile(name string) (*os.File, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errFolder
	case !strings.HasSuffix(name, archiveSuffix):
		return nil, errors.New("the name of a package's file ends in " + packageSuffix)
	}
	return disk.Open(name)
}

// refused says why a package is not taken. A *bundle.Refusal stays among what
// errors.As finds.
func refused(name string, err error) error {
	var refusal *bundle.Refusal
	if errors.As(err, &refusal) {
		return errors.Join(mistake("Package refused", name+": "+refusal.Reason), refusal)
	}
	return mistake("Unreadable package", fmt.Sprintf("%s: %v.", name, err))
}

// An openedPackage was judged by what was demanded of it.
type openedPackage struct {
	*bundle.Package
	name    string // the argument
	signers []*signature.PublicKey
	newest  bool
}

// open judges a package by each of the folders of keys, of which each must hold
// a key that signed it.
func (r *received) open(trusts []trust) (*openedPackage, error) {
	policy := r.wanted
	policy.Now = time.Now()
	if len(trusts) == 0 {
		trusts = []trust{{}}
	}
	o := &openedPackage{name: r.name, newest: r.newest}
	for _, t := range trusts {
		policy.Keys = t.keys
		p, err := r.layout.Open(policy)
		if err != nil {
			return nil, t.refused(r.name, err)
		}
		o.Package = p
		if p.Signer != nil {
			o.signers = append(o.signers, p.Signer)
		}
	}
	return o, nil
}

// receiveAndOpen is what most commands do with a package.
func (o *packageOptions) receiveAndOpen(ctx context.Context, c *console, arg string) (*received, *openedPackage, error) {
	trusts, err := o.trusts(c, nil, nil)
	if err != nil {
		return nil, nil, err
	}
	r, err := o.receive(ctx, c, arg)
	if err != nil {
		return nil, nil, err
	}
	p, err := r.open(trusts)
	return r, p, err
}

// title is the package's name and version.
func (o *openedPackage) title() string { return o.Config.Name + " " + o.Config.Version }

// trust says in words whether the package was verified.
func (o *openedPackage) trust() string {
	if len(o.signers) == 0 {
		return "not verified"
	}
	names := make([]string, len(o.signers))
	for i, k := range o.signers {
		names[i] = k.String()
	}
	return "signed by " + strings.Join(names, " and ")
}

// noteOpened says on standard error which package is used.
func (c *console) noteOpened(o *openedPackage) {
	newest := ""
	if o.newest {
		newest = ", the newest release"
	}
	c.noteWrapped(fmt.Sprintf("Using the package %s%s, %s: %s", o.title(), newest, o.trust(), o.Digest))
}

// openPackages opens the packages among RUNBOOK arguments, each as the layer of
// its place. Outside are the folders of profiles that lie in no package: only
// they decide which keys are trusted.
func (c *console) openPackages(o *runbookOptions, args []string, outside []rules.Overlay, layers []layer) ([]*openedPackage, error) {
	if !slices.ContainsFunc(args, isPackage) {
		// Whoever names keys relies on them: that they can't be used is said even
		// where they are not.
		if o.packages.trustedKeys != "" {
			_, err := readTrust(c, o.packages.trustedKeys, trustedKeysFlag)
			return nil, err
		}
		return nil, nil
	}
	trusts, err := o.packages.trusts(c, &o.sites, outside)
	if err != nil {
		return nil, err
	}
	ctx, cancel := interruptible(0)
	defer cancel()
	var all []*openedPackage
	for i, arg := range args {
		if !isPackage(arg) {
			continue
		}
		r, err := o.packages.receive(ctx, c, arg)
		if err != nil {
			return nil, err
		}
		p, err := r.open(trusts)
		if err != nil {
			return nil, err
		}
		if layers[i], err = layerOf(arg, p.FS()); err != nil {
			return nil, err
		}
		for j := range layers[i].profiles {
			layers[i].profiles[j].FromPackage = true
		}
		all = append(all, p)
	}
	return all, nil
}
