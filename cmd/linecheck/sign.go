package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"

	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/bundle/signature"
	"github.com/linecheck/linecheck/rules/disk"
	"github.com/spf13/cobra"
)

type signOptions struct {
	registryOptions
	key string
}

func newSign(c *console) *cobra.Command {
	o := &signOptions{}
	cmd := &cobra.Command{
		Use:   "sign PACKAGE --key FILE",
		Short: "Sign a package with a private key",
		Long: `Signs a package: a file gets its signature into it, a package in a registry has
it attached there. What is signed is the digest, and through it every file.
Signatures of other keys stay, so that keys can be replaced one by one.

` + packageHelp + `

The key is a file that "openssl genpkey" makes, of the algorithm ed25519 or EC
(P-256 or P-384), without a passphrase. Its public half, which "openssl pkey
-pubout" makes of it, belongs to where the package is run: see "linecheck help
verify".

Exit status: 0 if it is signed, 2 if not.`,
		Example: `  linecheck sign mail-line-1.0.0.oci.tar --key signing-key.pem
  linecheck sign oci://registry.example/runbooks/mail-line:1.0.0 --key signing-key.pem`,
		ValidArgsFunction: completePackage,
		RunE: func(cmd *cobra.Command, args []string) error {
			arg, err := onePackage(cmd, args)
			if err != nil {
				return err
			}
			return o.run(c, arg)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.key, "key", "", "sign with the private key in this `FILE`")
	o.flags(f)
	return cmd
}

func (o *signOptions) run(c *console, arg string) error {
	if o.key == "" {
		return mistake("Sign with which key?", fmt.Sprintf("Name the file of a private key: --key FILE. %s", howToMakeAKey))
	}
	key, err := c.readSigningKey(o.key)
	if err != nil {
		return err
	}
	ctx, cancel := interruptible(0)
	defer cancel()
	if !inRegistry(arg) {
		// Of two who sign at the same time the later one keeps both signatures.
		defer exclusive(arg)()
	}
	r, err := o.receive(ctx, c, arg)
	if err != nil {
		return err
	}
	// Nobody signs what can't be opened.
	p, err := r.open(nil)
	if err != nil {
		return err
	}
	before := len(r.layout.Signatures)
	if err := r.layout.Sign(key); err != nil {
		return refused(arg, err)
	}
	verb := "Signed"
	if len(r.layout.Signatures) == before {
		verb = "Signed already:"
	} else if err := o.keep(ctx, c, r); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s %s with %s\n%s\n", verb, p.title(), signerText(o.key, key), p.Digest)
	return err
}

// keep puts a signature to where its package came from.
func (o *signOptions) keep(ctx context.Context, c *console, r *received) error {
	if inRegistry(r.name) {
		return o.pushSignature(ctx, c, r)
	}
	return rewritePackage(r.name, r.layout)
}

// signerText says who signed, the file of the private key being known.
func signerText(file string, key *signature.PrivateKey) string {
	return fmt.Sprintf("%s (%s)", file, key.Public().Fingerprint())
}

// rewritePackage gives a file of a package its new content.
func rewritePackage(name string, layout *bundle.Layout) error {
	var buf bytes.Buffer
	if _, err := layout.WriteTo(&buf); err != nil {
		return err
	}
	disk.Clear(filepath.Dir(name))
	if err := disk.Write(name, buf.Bytes()); err != nil {
		return mistake("Can't write there", fmt.Sprintf("%s: the signature can't be written: %v. Copy the package to where there is room and you may write, and sign the copy.", name, disk.Cause(err)))
	}
	return nil
}
