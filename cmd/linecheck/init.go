package main

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/spf13/cobra"
	"github.com/zclconf/go-cty/cty"
)

//go:embed starter
var starter embed.FS

// A starterFile is a file of a new site folder: what it is made from, and what
// it is for. NAME in its path is the site's.
type starterFile struct{ path, source, doc string }

var starterFiles = []starterFile{
	{"sites.d/NAME.hcl", "profile.hcl.tmpl", "the values of this site"},
	{"own.hcl", "own.hcl", "a check of your own"},
	{"tests/own.test.hcl", "own.test.hcl", "its test, which sends nothing"},
	{"README.md", "README.md.tmpl", "what is what"},
}

type initOptions struct{ name string }

func newInit(c *console) *cobra.Command {
	o := &initOptions{}
	cmd := &cobra.Command{
		Use:   "init DIR",
		Short: "Start a folder for a site: its profile, a check of its own, a test",
		Long: `Writes a folder to start from: the profile of a site with what this computer
knows of its network filled in (default gateway, own subnet, DNS servers), a
check of your own with comments, and its test. Nothing is sent, and no file that
is there already is changed.

The folder is to lie over the shipped runbook: linecheck run embedded DIR.`,
		Example: `  linecheck init ./dublin
  linecheck init /srv/mail-checks --name dublin`,
		RunE: func(_ *cobra.Command, args []string) error { return o.run(c, args) },
	}
	cmd.Flags().StringVar(&o.name, "name", "", "call the site `NAME` (default: the name of the folder)")
	must(cmd.RegisterFlagCompletionFunc("name", cobra.NoFileCompletions))
	return cmd
}

func (o *initOptions) run(c *console, args []string) error {
	if len(args) != 1 {
		return mistake("Which folder?", "Name the one folder to write to, for example: linecheck init ./dublin.")
	}
	if isPackage(args[0]) {
		return mistake("Package in place of a folder", fmt.Sprintf("%s is the name of a package, and the files are written into a folder. Name one, and lay it over the package: linecheck run %[1]s FOLDER.", args[0]))
	}
	dir := filepath.Clean(args[0])
	if err := layable(dir); err != nil {
		return err
	}
	name, err := o.siteName(dir)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), discoverTimeout)
	defer cancel()
	s := newStart(name, filepath.ToSlash(dir), discover(ctx))
	files, err := s.files()
	if err != nil {
		return err
	}
	if err := writeNew(dir, files); err != nil {
		return err
	}
	return s.next(c, files)
}

// layable refuses a folder that a run without arguments finds and takes for a
// whole runbook, which these files alone are not.
func layable(dir string) error {
	full, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if filepath.Base(full) != "checks.d" {
		return nil
	}
	return mistake("Not in checks.d", "What is in a folder checks.d is run in place of the shipped runbook, and these files are to lie over it: "+
		"their check depends on one of its own. Name another folder, for example: linecheck init ./dublin.")
}

// siteName is what the site is called.
func (o *initOptions) siteName(dir string) (string, error) {
	name, how := o.name, "Choose another with --name."
	if name == "" {
		full, err := filepath.Abs(dir)
		if err != nil {
			return "", err
		}
		name, how = filepath.Base(full), "Name the site with --name."
	}
	switch {
	case !hclsyntax.ValidIdentifier(name):
		return "", mistake("No name for a site", fmt.Sprintf("%q can't be the name of a site: it has letters, digits, - and _, and no digit first. %s", name, how))
	case name == exampleSite:
		return "", mistake("No name for a site", fmt.Sprintf("The runbook that linecheck brings along has a site %q already. %s", name, how))
	}
	return name, nil
}

// discoverTimeout is far more than reading the computer's own tables takes.
const discoverTimeout = 5 * time.Second

// A localNetwork is what this computer knows of its network.
type localNetwork struct {
	gateway, address string
	subnet           string // prefix of address
	servers          []string
}

// discover asks the probes that send nothing. What can't be told stays empty.
func discover(ctx context.Context) localNetwork {
	var s localNetwork
	route := observeHere(ctx, "route")
	s.gateway = textOf(route, "gateway")
	adapter := observeHere(ctx, "interface")
	addresses, lengths := listOf(adapter, "addresses"), listOf(adapter, "prefix_lengths")
	if len(addresses) > 0 && len(lengths) == len(addresses) {
		s.address = addresses[0].AsString()
		bits, _ := lengths[0].AsBigFloat().Int64()
		if a, err := netip.ParseAddr(s.address); err == nil {
			if p, err := a.Prefix(int(bits)); err == nil {
				s.subnet = p.String()
			}
		}
	}
	for _, v := range listOf(observeHere(ctx, "resolver"), "servers") {
		s.servers = append(s.servers, v.AsString())
	}
	return s
}

// observeHere has a probe kind look at this computer, without a target and with
// its defaults; unknown if it can't.
func observeHere(ctx context.Context, kind string) cty.Value {
	probes := probe.All()
	i := slices.IndexFunc(probes, func(p *engine.Probe) bool { return p.Name == kind })
	p := probes[i]
	args := map[string]cty.Value{}
	for i := range p.Args {
		a := &p.Args[i]
		if args[a.Name] = a.Default; a.Default == cty.NilVal {
			args[a.Name] = cty.NullVal(a.ValueType())
		}
	}
	v, err := p.Observe(ctx, &engine.World{}, engine.Query{Args: args})
	if err != nil || v == cty.NilVal {
		return p.UnknownResult()
	}
	return v
}

// textOf is an attribute of a result; "" where it is null or unknown.
func textOf(result cty.Value, name string) string {
	if v := result.GetAttr(name); v.IsKnown() && !v.IsNull() {
		return v.AsString()
	}
	return ""
}

// listOf are the known elements of a list in a result.
func listOf(result cty.Value, name string) []cty.Value {
	v := result.GetAttr(name)
	if !v.IsKnown() || v.IsNull() {
		return nil
	}
	return slices.DeleteFunc(v.AsValueSlice(), func(el cty.Value) bool { return !el.IsKnown() || el.IsNull() })
}

// A start is what the files of a new folder are filled in with.
type start struct {
	Name, Dir          string
	Gateway, NoGateway string // as an expression, or why there is none
	Subnet             string // in words
	Servers, NoServers string
}

func newStart(name, dir string, s localNetwork) *start {
	st := &start{Name: name, Dir: dir}
	if strings.ContainsAny(dir, " '\"$\\") {
		st.Dir = "DIR" // nobody wants to read it quoted for a shell
	}
	switch {
	case s.gateway == "":
		st.NoGateway = "This computer has no default route."
	case plainAddress(s.gateway):
		st.Gateway = terminal.Written(cty.StringVal(s.gateway))
	default:
		st.NoGateway = fmt.Sprintf("The routing table has %s, which is\n    # only good together with an adapter.", s.gateway)
	}
	if s.subnet != "" {
		st.Subnet = s.address + " in " + s.subnet
	}
	var servers []cty.Value
	for _, server := range s.servers {
		a, err := netip.ParseAddr(server)
		if err == nil && plainAddress(server) && !a.IsLoopback() {
			servers = append(servers, cty.StringVal(server))
		}
	}
	switch {
	case len(s.servers) == 0:
		st.NoServers = "This computer is set to ask none."
	case len(servers) < len(s.servers):
		st.NoServers = fmt.Sprintf("It is set to ask %s.", strings.Join(s.servers, ", "))
	default:
		st.Servers = terminal.Written(cty.TupleVal(servers))
	}
	return st
}

// plainAddress reports whether text is an address that needs no adapter.
func plainAddress(text string) bool {
	a, err := netip.ParseAddr(text)
	return err == nil && a.Zone() == ""
}

// A newFile is a file to write, below the folder.
type newFile struct {
	path, doc string
	content   []byte
}

func (s *start) files() ([]newFile, error) {
	var files []newFile
	for _, f := range starterFiles {
		content, err := starter.ReadFile("starter/" + f.source)
		if err != nil {
			return nil, err
		}
		if filepath.Ext(f.source) == ".tmpl" {
			t, err := template.New(f.source).Parse(string(content))
			if err != nil {
				return nil, err
			}
			var b bytes.Buffer
			if err := t.Execute(&b, s); err != nil {
				return nil, err
			}
			content = b.Bytes()
		}
		files = append(files, newFile{strings.Replace(f.path, "NAME", s.Name, 1), f.doc, content})
	}
	return files, nil
}

// next says what was written and what to do with it.
func (s *start) next(c *console, files []newFile) error {
	var b strings.Builder
	table := &terminal.Table{Indent: len("  ")}
	for _, f := range files {
		table.Row(f.path, f.doc)
	}
	fmt.Fprintf(&b, "Written to %s:\n", s.Dir)
	b.WriteString(table.String())
	fmt.Fprintf(&b, `
Next:
  1. Complete the values in %s/sites.d/%s.hcl.
  2. linecheck validate embedded %[1]s
  3. linecheck test embedded %[1]s
  4. linecheck run embedded %[1]s --site %[2]s
`, s.Dir, s.Name)
	_, err := c.out.Write([]byte(b.String()))
	return err
}
