package main

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	checks "github.com/linecheck/linecheck/checks.d"
	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/bundle/lock"
	"github.com/linecheck/linecheck/rules/bundle/tree"
	"github.com/linecheck/linecheck/rules/format"
	"github.com/linecheck/linecheck/rules/language"
)

// readme is the README and the blocks of code in it, by language.
func readme(t *testing.T) (text string, blocks map[string][]string) {
	t.Helper()
	src, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks = map[string][]string{}
	for _, m := range regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$").FindAllStringSubmatch(string(src), -1) {
		blocks[m[1]] = append(blocks[m[1]], m[2])
	}
	return string(src), blocks
}

// TestReadmeChecks writes the README's check files down under the names that
// their first lines give, and does with them what it says.
func TestReadmeChecks(t *testing.T) {
	_, blocks := readme(t)
	dir := t.TempDir()
	for _, file := range blocks["hcl"] {
		head, body, _ := strings.Cut(file, "\n")
		name := filepath.Join(dir, strings.TrimPrefix(head, "# "))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(body), 0o666); err != nil {
			t.Fatal(err)
		}
		formatted, diags := format.Source(name, []byte(body))
		if diff := cmp.Diff(body, string(formatted)); diff != "" || diags.HasErrors() {
			t.Errorf("%s is not in the canonical form: %v\n%s", head, diags, diff)
		}
		if lines := strings.Count(body, "\n"); strings.Contains(head, "my-checks") && lines > 10 {
			t.Errorf("a first check file has %d lines", lines)
		}
	}
	load := func(overlays ...rules.Overlay) *rules.Runbook {
		rb, diags := rules.Load(probe.Kinds(), overlays...)
		if len(diags) > 0 {
			t.Errorf("%v", diags)
		}
		return rb
	}
	load(rules.Overlay{Name: "my-checks", FS: os.DirFS(filepath.Join(dir, "my-checks"))})

	rb := load(rules.Overlay{Name: embedded, FS: checks.FS}, rules.Overlay{Name: "our-checks", FS: os.DirFS(filepath.Join(dir, "our-checks"))})
	tests, diags := rules.LoadTests(rb,
		testsOf(t, rules.Overlay{Name: embedded, FS: checks.FS}), testsOf(t, rules.Overlay{Name: "our-checks", FS: os.DirFS(filepath.Join(dir, "our-checks"))}))
	sites, more := rules.LoadSites(rb, rules.Overlay{Name: "sites.d", FS: sub(t, checks.FS, "sites.d")})
	if pair, diags := rules.LoadSites(rb, rules.Overlay{Name: "sites.d", FS: os.DirFS(filepath.Join(dir, "both-ends", "sites.d"))}); len(diags) > 0 || len(pair) != 1 || len(pair[0].Vantages) != 2 {
		t.Errorf("the profile of both ends: %v", diags)
	}
	if many, diags := rules.LoadSites(rb, rules.Overlay{Name: "sites.d", FS: os.DirFS(filepath.Join(dir, "many-sites", "sites.d"))}); len(diags) > 0 || len(many) != 2 || len(many[1].Vars) != 3 || len(many[1].Waivers) != 1 {
		t.Errorf("the profiles of many sites: %v", diags)
	}
	suite := &offline.Suite{Runbook: rb, Tests: tests, Sites: sites, Probes: probe.All()}
	outcomes, runDiags := suite.Run(t.Context(), nil)
	if diags = append(append(diags, more...), runDiags...); diags.HasErrors() || len(outcomes) == 0 {
		t.Errorf("%d tests: %v", len(outcomes), diags)
	}
	for _, o := range outcomes {
		if !o.Passed() {
			t.Errorf("%s: %v", o.Test.Name, o.Differences)
		}
	}
	gates := func(name string) []string {
		var names []string
		for _, g := range rb.Check(name).DependsOn {
			names = append(names, g.Check)
		}
		return names
	}
	if diff := cmp.Diff([]string{"firewall"}, gates("dns")); diff != "" {
		t.Error("gates of dns:", diff)
	}
	if diff := cmp.Diff([]string{"remote_subnet"}, gates("firewall")); diff != "" {
		t.Error("gates of firewall:", diff)
	}
	for _, c := range rb.Check("path_mtu").Causes {
		if c.Name != "mtu_black_hole" {
			continue
		}
		if c.Severity == nil {
			t.Fatal("mtu_black_hole is no warning")
		}
		if v, diags := c.Severity.Value(nil); diags.HasErrors() || v.AsString() != "warn" {
			t.Errorf("severity of mtu_black_hole: %v %v", v, diags)
		}
		return
	}
	t.Error("path_mtu has no cause mtu_black_hole")
}

// TestReadmePackages has what the README's section about packages shows be
// true: the profile demands keys, and the imported runbook is loaded from its
// copy alone.
func TestReadmePackages(t *testing.T) {
	text, blocks := readme(t)
	packed := regexp.MustCompile(`(?m)^linecheck pack (\S+)`).FindStringSubmatch(text)
	if packed == nil || strings.Contains(text, " "+embedded+" "+packed[1]) {
		t.Errorf("%q is packed, and elsewhere it lies over the shipped runbook, which pack refuses", packed)
	}
	file := func(name string) []byte {
		for _, b := range blocks["hcl"] {
			if body, ok := strings.CutPrefix(b, "# "+name+"\n"); ok {
				return []byte(body)
			}
		}
		t.Fatalf("no file %s", name)
		return nil
	}
	profiles := rules.ReadProfiles(rules.Overlay{Name: "carried/sites.d", FS: fstest.MapFS{"dublin.hcl": {Data: file("carried/sites.d/dublin.hcl")}}})
	if len(profiles.Diags) > 0 || len(profiles.Sites) != 1 {
		t.Fatalf("%d profiles: %v", len(profiles.Sites), profiles.Diags)
	}
	if dir, _ := keysOf(profiles.Sites[0]); dir != filepath.Join("carried", "keys") {
		t.Errorf("keys are looked for in %s", dir)
	}

	folder := fstest.MapFS{"our.hcl": {Data: file("importing/our.hcl")}}
	imports, diags := rules.Imports(rules.Overlay{Name: "importing", FS: folder})
	if len(diags) > 0 || len(imports) != 1 {
		t.Fatalf("%d imports: %v", len(imports), diags)
	}
	folder["vendor/net/net.hcl"] = &fstest.MapFile{Data: []byte(`runbook "net" { version = "2.1.4" }
variable "gateway" {}
check "gateway" {
  target = var.gateway
  probe "ping" {}
  pass    = result.received > 0
  explain = "${target} does not answer."
}
`)}
	hash, err := tree.Hash(sub(t, folder, "vendor/net"))
	if err != nil {
		t.Fatal(err)
	}
	locked := lock.File{Entries: []*lock.Entry{{
		Name: "net", Source: imports[0].Source, Version: "2.1.4", Constraints: imports[0].Version,
		Digest: "sha256:" + strings.Repeat("0", 64), Hashes: []string{hash},
	}}}
	folder[language.LockName] = &fstest.MapFile{Data: locked.Bytes()}
	rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "importing", FS: folder})
	if len(diags) > 0 || rb.Check("net.gateway") == nil {
		t.Errorf("the import is not loaded: %v", diags)
	}
}

// TestReadmeCommands holds the README's command lines against what the program
// takes.
func TestReadmeCommands(t *testing.T) {
	text, blocks := readme(t)
	var lines []string
	for _, block := range blocks["sh"] {
		lines = append(lines, strings.Split(strings.TrimSpace(block), "\n")...)
	}
	for _, m := range regexp.MustCompile("`(linecheck [^`]*)`").FindAllStringSubmatch(text, -1) {
		lines = append(lines, m[1])
	}
	seen := 0
	for _, line := range lines {
		command, ok := strings.CutPrefix(strings.Replace(line, "go run ./cmd/linecheck", "linecheck", 1), "linecheck ")
		if !ok {
			continue
		}
		seen++
		root := newRoot(&console{out: io.Discard, err: io.Discard})
		args := strings.Fields(command)
		if args[0] == "help" {
			args = args[1:]
		}
		cmd, rest, err := root.Find(args)
		if err != nil || cmd == root {
			t.Errorf("%s: there is no such command", line)
			continue
		}
		if err := cmd.ParseFlags(rest); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	if seen < 5 {
		t.Errorf("saw only %d command lines", seen)
	}
	ci, err := os.ReadFile("../../.ci/run")
	if err != nil {
		t.Fatal(err)
	}
	if test := "go test ./..."; !strings.Contains(text, "\n"+test+"\n") || !strings.Contains(string(ci), test+"\n") {
		t.Errorf("README and .ci/run do not both run %q", test)
	}
}

// TestReadmeListsProbes holds its list of probe kinds against the kinds.
func TestReadmeListsProbes(t *testing.T) {
	text, _ := readme(t)
	m := regexp.MustCompile(`What a probe takes and observes: ([a-z,\s]+)\.`).FindStringSubmatch(text)
	if m == nil {
		t.Fatal("no list of probe kinds")
	}
	listed := map[string]bool{}
	for name := range strings.SplitSeq(m[1], ",") {
		listed[strings.TrimSpace(name)] = true
	}
	kinds := map[string]bool{}
	for _, k := range probe.Kinds() {
		kinds[k.Name] = true
	}
	if diff := cmp.Diff(kinds, listed); diff != "" {
		t.Error(diff)
	}
}

func testsOf(t *testing.T, o rules.Overlay) rules.Overlay {
	t.Helper()
	tests, err := testsBeside(o)
	if err != nil {
		t.Fatal(err)
	}
	return tests
}

func sub(t *testing.T, fsys fs.FS, dir string) fs.FS {
	t.Helper()
	below, err := fs.Sub(fsys, dir)
	if err != nil {
		t.Fatal(err)
	}
	return below
}

// TestHelpShowsATest holds the test that "linecheck help test" shows against the
// form that files have.
func TestHelpShowsATest(t *testing.T) {
	long := newTest(&console{}).Long
	from := strings.Index(long, "\n  run ") + 1
	to := strings.Index(long, "\n  }\n") + len("\n  }\n")
	if from == 0 || to < from {
		t.Fatal("no test in the help")
	}
	shown := regexp.MustCompile("(?m)^  ").ReplaceAllString(long[from:to], "")
	formatted, diags := format.Source("help", []byte(shown))
	if diff := cmp.Diff(shown, string(formatted)); diff != "" || diags.HasErrors() {
		t.Errorf("%v\n%s", diags, diff)
	}
}
