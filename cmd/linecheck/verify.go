package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/opencontainers/go-digest"
	"github.com/spf13/cobra"
)

type verifyOptions struct {
	packageOptions
	wantName, wantVersion, wantDigest string
	json                              bool
}

func newVerify(c *console) *cobra.Command {
	o := &verifyOptions{}
	cmd := &cobra.Command{
		Use:   "verify PACKAGE",
		Short: "Prove who signed a package, and that it is the one meant",
		Long: `Proves that a package was signed with a trusted key and holds what was signed:
first the signature, then the digest of every part, then every file. Needs no
network for a file.

` + packageHelp + `

Trusted are the public keys in the folder of --trusted-keys (*.pem, *.pub), else
those in /etc/linecheck/` + trustedKeysDir + `. While one key replaces another, put both
there; a line "expires: 2027-01-31" before the key in its file is its last day.
A key whose text speaks of an end in other words is refused.

A signature proves who made a package, and not that it is the newest. Name what
you expect with --name, --version or --digest; of a reference in a registry they
are asked for as it names them.

Exit status: 0 if all is proved; 1 if the package is refused; 2 if nothing could
be proved: no such package, no keys, a registry that does not answer.`,
		Example: `  linecheck verify mail-line-1.0.0.oci.tar --trusted-keys ./keys
  linecheck verify mail-line.oci.tar --name mail-line --version 1.0.0
  linecheck verify oci://registry.example/runbooks/mail-line:1.0.0 -json`,
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
	f.StringVar(&o.wantName, "name", "", "the runbook's name must be `NAME`")
	f.StringVar(&o.wantVersion, "version", "", "its version must be `VERSION`")
	f.StringVar(&o.wantDigest, "digest", "", "its digest must be `DIGEST`, sha256:…")
	f.BoolVar(&o.json, "json", false, "print the result as JSON")
	o.flags(f)
	for _, flag := range []string{"name", "version", "digest"} {
		must(cmd.RegisterFlagCompletionFunc(flag, cobra.NoFileCompletions))
	}
	return cmd
}

func (o *verifyOptions) run(c *console, arg string) error {
	if d := digest.Digest(o.wantDigest); o.wantDigest != "" && (d.Validate() != nil || d.Algorithm() != digest.SHA256) {
		return mistake("Wrong value of a flag", fmt.Sprintf("--digest %s: a digest is sha256: and 64 hexadecimal digits, as \"linecheck inspect\" prints it.", o.wantDigest))
	}
	trusts, err := o.trusts(c, nil, nil)
	if err != nil {
		return err
	}
	if len(trusts) == 0 {
		return mistake("Trusted by whom?", fmt.Sprintf("No trusted keys are named, so that nothing can be verified. Name the folder of the public keys that you trust: --trusted-keys FOLDER, or put them into %s/%s. The key of the package's author belongs there, handed over by another way than the package.",
			strings.TrimSuffix(c.etc, "/"), trustedKeysDir))
	}
	p, err := o.verify(c, arg, trusts)
	var refusal *bundle.Refusal
	switch {
	case errors.As(err, &refusal):
		if o.json {
			err = writeJSON(c.out, verification{FormatVersion: "1.0", Package: arg, Reason: &refusal.Reason, Code: orNull(string(refusal.Code))})
		} else {
			c.leave(err)
			err = nil
		}
		return errors.Join(err, exitFailed)
	case err != nil:
		return err
	case o.json:
		return writeJSON(c.out, newVerification(arg, p))
	}
	key := p.signers[0]
	expires := ""
	if !key.Expires.IsZero() {
		expires = ", trusted until " + key.Expires.Format(time.DateOnly)
	}
	_, err = fmt.Fprintf(c.out, "Verified: %s, signed by %s%s\n%s\n", p.title(), key, expires, p.Digest)
	return err
}

// verify opens a package by all that is demanded of it.
func (o *verifyOptions) verify(c *console, arg string, trusts []trust) (*openedPackage, error) {
	ctx, cancel := interruptible(0)
	defer cancel()
	r, err := o.receive(ctx, c, arg)
	if err != nil {
		return nil, err
	}
	if r.newest && o.wantVersion != "" {
		r.wanted.Version = "" // the reference asked for none
	}
	for _, demand := range []struct {
		flag string
		want *string
	}{{o.wantName, &r.wanted.Name}, {o.wantVersion, &r.wanted.Version}, {o.wantDigest, (*string)(&r.wanted.Digest)}} {
		switch {
		case demand.flag == "":
		case *demand.want != "" && *demand.want != demand.flag:
			return nil, mistake("Two packages", fmt.Sprintf("%s names %s, and a flag %s. Leave the flag out, or name what it says in the reference.", arg, *demand.want, demand.flag))
		default:
			*demand.want = demand.flag
		}
	}
	return r.open(trusts)
}

// A verification is the result as JSON: versioned, keys are added, never
// changed or removed.
type verification struct {
	FormatVersion string           `json:"format_version"`
	Package       string           `json:"package"`
	Verified      bool             `json:"verified"`
	Code          *string          `json:"code"`   // in one word, why not
	Reason        *string          `json:"reason"` // in sentences
	Name          *string          `json:"name"`
	Version       *string          `json:"version"`
	Digest        *string          `json:"digest"`
	Signer        *signerOfPackage `json:"signer"`
}

type signerOfPackage struct {
	Key     string  `json:"key"`  // fingerprint
	Name    string  `json:"name"` // of the file that it stands in
	Expires *string `json:"expires"`
}

func newVerification(arg string, p *openedPackage) verification {
	key := p.signers[0]
	v := verification{
		FormatVersion: "1.0", Package: arg, Verified: true, Name: &p.Config.Name, Version: &p.Config.Version, Digest: orNull(p.Digest.String()),
		Signer: &signerOfPackage{Key: key.Fingerprint(), Name: key.Name},
	}
	if !key.Expires.IsZero() {
		v.Signer.Expires = orNull(key.Expires.Format(time.DateOnly))
	}
	return v
}
