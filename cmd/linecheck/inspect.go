package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/bundle/registry"
	"github.com/linecheck/linecheck/rules/bundle/signature"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/spf13/cobra"
)

type inspectOptions struct {
	packageOptions
	json bool
}

func newInspect(c *console) *cobra.Command {
	o := &inspectOptions{}
	cmd := &cobra.Command{
		Use:   "inspect PACKAGE",
		Short: "Say what a package is and who signed it, without trusting it",
		Long: `Says of a package its name, version and digest, which versions of linecheck it
requires, what it imports, its files, and which keys signed it; and what it asks
for: commands that it runs, files that it reads, hosts that its files name
whatever a site says, and profiles in it that are refused. Of a package in a
registry the files are not fetched, so that neither is listed.

` + packageHelp + `

Nothing is decided by what is printed here: "linecheck verify" decides. With
--trusted-keys, or keys in /etc/linecheck/` + trustedKeysDir + `, each signature is
verified; else it is only said which key it names.

Exit status: 0 if the package can be read, whoever signed it; 2 if not.`,
		Example: `  linecheck inspect mail-line-1.0.0.oci.tar
  linecheck inspect oci://registry.example/runbooks/mail-line
  linecheck inspect mail-line-1.0.0.oci.tar -json`,
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
	f.BoolVar(&o.json, "json", false, "print it as JSON")
	o.flags(f)
	return cmd
}

func (o *inspectOptions) run(c *console, arg string) error {
	trusts, err := o.trusts(c, nil, nil)
	if err != nil {
		return err
	}
	ctx, cancel := interruptible(0)
	defer cancel()
	d, err := o.look(ctx, c, arg, trusts)
	if err != nil {
		return err
	}
	if o.json {
		return writeJSON(c.out, d)
	}
	return d.writeText(c.out)
}

// look reads a file as a whole, and of a package in a registry what says
// what it is.
func (o *inspectOptions) look(ctx context.Context, c *console, arg string, trusts []trust) (*description, error) {
	if inRegistry(arg) {
		layout, ref, err := o.describe(ctx, c, arg)
		if err != nil {
			return nil, err
		}
		d, err := describeLayout(arg, layout, trusts)
		if err == nil {
			d.Problem = orNull(d.mismatch(ref))
		}
		return d, err
	}
	r, err := o.receive(ctx, c, arg)
	if err != nil {
		return nil, err
	}
	p, err := r.open(nil)
	if err != nil {
		return nil, err
	}
	return describePackage(arg, r.layout, p.Package, trusts)
}

// A description is what inspect and pack say of a package. As JSON its form is
// versioned: keys are added, never changed or removed. What was not looked at
// is left out.
type description struct {
	FormatVersion string                 `json:"format_version"`
	Package       string                 `json:"package"` // the argument, or the file that was written
	Name          string                 `json:"name"`
	Version       string                 `json:"version"`
	Title         *string                `json:"title"`
	Digest        string                 `json:"digest"`
	Created       *string                `json:"created"` // null: it bears no date
	Requires      []string               `json:"requires"`
	Imports       []importDescription    `json:"imports"`
	H1            string                 `json:"h1"`
	Layers        []layerDescription     `json:"layers"`
	Files         []fileDescription      `json:"files,omitempty"`
	Signatures    []signatureDescription `json:"signatures"`
	Problem       *string                `json:"problem"` // why it is not what was asked for

	// What it asks for; where its files alone are not valid, as far as they could
	// be understood.
	Valid   *bool                 `json:"valid,omitempty"`
	Asks    *[]askDescription     `json:"asks,omitempty"`
	Refused *[]refusalDescription `json:"refused,omitempty"` // in its profiles

	// Of a package that was just made.
	File  *string `json:"file,omitempty"`
	Tests *int    `json:"tests,omitempty"` // how many passed

	asked asked
}

type askDescription struct {
	Kind  rules.AccessKind `json:"kind"`
	What  []string         `json:"what"` // … is what only values or observations tell
	Port  *string          `json:"port"`
	Probe string           `json:"probe"`
	By    string           `json:"by"`
	Range jsonPlace        `json:"range"`
}

type refusalDescription struct {
	Reason string    `json:"reason"`
	Range  jsonPlace `json:"range"`
}

type importDescription struct {
	Name    string  `json:"name"`
	Source  string  `json:"source"`
	Version *string `json:"version"`
	H1      *string `json:"h1"`
}

type layerDescription struct {
	MediaType string  `json:"media_type"`
	Title     *string `json:"title"`
	Size      int64   `json:"size"`
}

type fileDescription struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
}

type signatureDescription struct {
	Key     *string `json:"key"`     // fingerprint, as the signature claims it unless it is trusted
	Name    *string `json:"name"`    // of the trusted key's file
	Trusted *bool   `json:"trusted"` // null: there are no keys to hold it against
	Problem *string `json:"problem"` // why it is not trusted

	stranger bool // a key that is not among the trusted ones made it, which needs no reason
}

// describePackage describes a package that was opened.
func describePackage(name string, layout *bundle.Layout, p *bundle.Package, trusts []trust) (*description, error) {
	d := newDescription(name, layout, &p.Config, trusts)
	d.Files = []fileDescription{}
	for _, f := range p.Files() {
		d.Files = append(d.Files, fileDescription{f.Name, f.Size})
	}
	if p.Created.Unix() != 0 {
		created := p.Created.UTC().Format(time.RFC3339)
		d.Created = &created
	}
	return d, d.describeAsked(name, p)
}

// describeAsked says what the package asks for.
func (d *description) describeAsked(name string, p *bundle.Package) error {
	var valid bool
	var err error
	if d.asked, valid, err = asksOfPackage(name, p.FS()); err != nil {
		return err
	}
	d.Valid = &valid
	d.Asks = &[]askDescription{}
	for _, a := range d.asked.accesses {
		*d.Asks = append(*d.Asks, askDescription{a.Kind, a.What, orNull(a.Port), a.Probe, a.By, jsonPlace{a.Range.Filename, a.Range.Start.Line}})
	}
	d.Refused = &[]refusalDescription{}
	for _, r := range d.asked.refused {
		*d.Refused = append(*d.Refused, refusalDescription{r.Summary, jsonPlace{r.Subject.Filename, r.Subject.Start.Line}})
	}
	return nil
}

// describeLayout describes a package of which only the config was fetched.
func describeLayout(name string, layout *bundle.Layout, trusts []trust) (*description, error) {
	named, err := bundle.Describe(layout.Manifest)
	if err != nil {
		return nil, refused(name, err)
	}
	config, err := bundle.ReadConfig(layout.Manifest, layout.Blobs[named[0].Digest])
	if err != nil {
		return nil, refused(name, err)
	}
	return newDescription(name, layout, config, trusts), nil
}

// mismatch says in what a package differs from the one that a reference names.
// Whoever pulls it is refused.
func (d *description) mismatch(ref registry.Reference) string {
	switch {
	case d.Name != ref.Name():
		return fmt.Sprintf("This is the runbook %s, and stands where %s should.", d.Name, ref.Name())
	case ref.Version() != "" && d.Version != ref.Version():
		return fmt.Sprintf("This is version %s, and stands where %s should. Somebody may have put an old package in the place of a new one.", d.Version, ref.Version())
	}
	return ""
}

func newDescription(name string, layout *bundle.Layout, config *bundle.Config, trusts []trust) *description {
	d := &description{
		FormatVersion: "1.0", Package: name, Name: config.Name, Version: config.Version, Title: orNull(config.Title),
		Digest: layout.Digest().String(), Requires: append([]string{}, config.Requires...), H1: config.H1,
		Imports: []importDescription{}, Layers: []layerDescription{}, Signatures: []signatureDescription{},
	}
	for _, im := range config.Imports {
		d.Imports = append(d.Imports, importDescription{im.Name, im.Source, orNull(im.Version), orNull(im.H1)})
	}
	// It could be read, or there were no config.
	if named, err := bundle.Describe(layout.Manifest); err == nil {
		for _, l := range named[1:] {
			d.Layers = append(d.Layers, layerDescription{l.MediaType, orNull(l.Annotations["org.opencontainers.image.title"]), l.Size})
		}
	}
	for _, s := range layout.Signatures {
		d.Signatures = append(d.Signatures, describeSignature(layout, s, trusts))
	}
	return d
}

// describeSignature says which key a signature names and, where there are keys
// to hold it against, whether it is one of them.
func describeSignature(layout *bundle.Layout, s bundle.Signature, trusts []trust) signatureDescription {
	var d signatureDescription
	named, ok, err := bundle.DescribeSignature(s.Manifest, layout.Digest())
	if err != nil || !ok {
		d.Problem = orNull("It can't be read.")
		return d
	}
	text := s.Blobs[named[1].Digest]
	d.Key = orNull(signature.ClaimedKey(text))
	var keys signature.Keys
	for _, t := range trusts {
		keys = append(keys, t.keys...)
	}
	if len(keys) == 0 {
		return d
	}
	key, err := signature.Verify(text, layout.Digest(), keys, time.Now())
	trusted := err == nil
	d.Trusted = &trusted
	if !trusted {
		failure, ok := errors.AsType[*signature.Failure](err)
		d.stranger = ok && failure.Reason == signature.Untrusted
		d.Problem = orNull(terminal.Capital(err.Error()) + ".")
		return d
	}
	d.Key, d.Name = orNull(key.Fingerprint()), orNull(key.Name)
	return d
}

// writeJSON writes a document for programs. What a terminal might obey, which
// can only stand in strings, is escaped beyond what JSON demands.
func writeJSON(w io.Writer, doc any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return err
	}
	_, err := w.Write(terminal.JSON(b.Bytes()))
	return err
}

// writeText writes a description for people.
func (d *description) writeText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", d.Name, d.Version)
	fields := []field{{"title", orEmpty(d.Title)}, {"digest", d.Digest}, {"created", orEmpty(d.Created)}}
	if len(d.Requires) > 0 {
		fields = append(fields, field{"requires", "linecheck " + strings.Join(d.Requires, ", ")})
	}
	for _, im := range d.Imports {
		fields = append(fields, field{"imports", strings.TrimSpace(im.Name + " from " + im.Source + " " + orEmpty(im.Version))})
	}
	fields = append(fields, d.signed()...)
	fields = append(fields, d.asked.fields()...)
	if d.Valid != nil && !*d.Valid {
		fields = append(fields, field{"perhaps", "more: its files alone are not valid (linecheck validate says why)"})
	}
	writeFields(&b, append(fields, field{"WRONG", orEmpty(d.Problem)}))
	b.WriteString("\n")
	if d.Files == nil {
		for _, l := range d.Layers {
			fmt.Fprintf(&b, "%9s  %s\n", bytesText(l.Size), l.name())
		}
		b.WriteString("The files were not fetched; \"linecheck pull\" does.\n")
	} else {
		d.writeFiles(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// name is what a layer is for people.
func (l layerDescription) name() string {
	if l.Title != nil {
		return terminal.Line(*l.Title)
	}
	return "files"
}

// writeFiles lists the files, and how much they are together.
func (d *description) writeFiles(b *strings.Builder) {
	total := int64(0)
	for _, f := range d.Files {
		fmt.Fprintf(b, "%9d  %s\n", f.Size, f.Name)
		total += f.Size
	}
	fmt.Fprintf(b, "%9d  bytes in %s\n", total, terminal.Count(len(d.Files), "file"))
}

// signed says who signed a package.
func (d *description) signed() []field {
	if len(d.Signatures) == 0 {
		return []field{{"signed", "by nobody"}}
	}
	var fields []field
	for _, s := range d.Signatures {
		fields = append(fields, field{"signed", s.text()})
	}
	return fields
}

func (s signatureDescription) text() string {
	key := "a key that it does not name"
	if s.Key != nil {
		key = *s.Key
	}
	switch {
	case s.Name != nil:
		return "by " + *s.Name + " (" + key + "), which is trusted"
	case s.stranger:
		return "by " + key + ", which is NOT TRUSTED"
	case s.Trusted != nil:
		return "by " + key + ", which is NOT TRUSTED: " + *s.Problem
	case s.Problem != nil:
		return *s.Problem
	}
	return "by " + key + ", as it says: not verified"
}

// A field is a line of a text for people; without a value it is left out.
type field struct{ label, value string }

// labelWidth leaves a digest room in 80 columns.
const labelWidth = 9

func writeFields(b *strings.Builder, fields []field) {
	for _, f := range fields {
		if f.value != "" {
			fmt.Fprintf(b, "%s%s\n", terminal.Pad(f.label, labelWidth), terminal.Line(f.value)) // a stranger's
		}
	}
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
