package rules_test

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/bundle/lock"
	"github.com/linecheck/linecheck/rules/bundle/tree"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/language"
)

const (
	aDigest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	aHash   = "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
	bHash   = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
)

const anEcho = `
  target = "h"
  probe "echo" {}
  pass    = result.received > 0
  explain = "no"
}
`

// packed is a runbook that imports the package net, in its vendor folder, which
// imports another package from its own.
func packed(t *testing.T) map[string]string {
	t.Helper()
	inner := map[string]string{"deep.hcl": "runbook \"deep\" {\n  version = \"0.1.0\"\n}\ncheck \"deep\" {" + anEcho}
	net := map[string]string{
		"net.hcl": `runbook "net" {
  version  = "2.1.3"
  requires = ">= 0.2"
}
import "deep" {
  source = "oci://registry.example/deep"
}
check "up" {` + anEcho,
		language.LockName: lockOf(t, "deep", "0.1.0", inner),
	}
	for name, text := range inner {
		net["vendor/deep/"+name] = text
	}
	top := map[string]string{
		"top.hcl": `runbook "top" {
  requires = ">= 0.1"
}
import "net" {
  source  = "oci://registry.example/net"
  version = "~> 2.1"
}
check "own" {
  depends_on = [net.check.up]` + anEcho,
		language.LockName: lockOf(t, "net", "2.1.3", net),
	}
	for name, text := range net {
		top["vendor/net/"+name] = text
	}
	return top
}

func lockOf(t *testing.T, name, version string, files map[string]string) string {
	t.Helper()
	hash, err := tree.Hash(overlay("", files).FS)
	if err != nil {
		t.Fatal(err)
	}
	return string((&lock.File{Entries: []*lock.Entry{{
		Name: name, Source: "oci://registry.example/" + name, Version: version, Digest: aDigest, Hashes: []string{bHash, hash},
	}}}).Bytes())
}

func TestImportPackage(t *testing.T) {
	rb, diags := rules.Load(testKinds, overlay("checks.d", packed(t)))
	noDiagnostics(t, diags)
	var got []string
	for _, c := range rb.Checks {
		got = append(got, c.Address()+" "+c.DeclRange.Filename)
	}
	for _, im := range rb.Imports {
		got = append(got, fmt.Sprintf("%s %s %s", im.Name, im.RunbookName, im.Lock.Version))
	}
	for _, r := range rb.Requires {
		got = append(got, r.Constraint)
	}
	want := []string{
		"net.deep.check.deep checks.d/vendor/net/vendor/deep/deep.hcl",
		"net.check.up checks.d/vendor/net/net.hcl",
		"check.own checks.d/top.hcl",
		"net net 2.1.3", "net.deep deep 0.1.0",
		">= 0.1", ">= 0.2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("runbook (-want +got):\n%s", diff)
	}
	files := slices.Sorted(maps.Keys(rb.Files))
	wantFiles := []string{
		"checks.d/.runbook.lock.hcl", "checks.d/top.hcl", "checks.d/vendor/net/.runbook.lock.hcl", "checks.d/vendor/net/net.hcl", "checks.d/vendor/net/vendor/deep/deep.hcl",
	}
	if diff := cmp.Diff(wantFiles, files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestImportDistrusts changes one thing about a package at a time.
func TestImportDistrusts(t *testing.T) {
	for name, test := range map[string]struct {
		change func(files map[string]string)
		want   string
	}{
		"a check file": {func(f map[string]string) { f["vendor/net/net.hcl"] += "# more\n" },
			"checks.d/top.hcl:5,13-41: Changed copy: The files in checks.d/vendor/net are not those of version 2.1.3"},
		"a file more": {func(f map[string]string) { f["vendor/net/tests/a.test.hcl"] = "" }, "Changed copy"},
		"a file less": {func(f map[string]string) { delete(f, "vendor/net/vendor/deep/deep.hcl") }, "Changed copy"},
		"its imports": {func(f map[string]string) { f["vendor/net/vendor/deep/deep.hcl"] += "# more\n" }, "Changed copy"},
		"its lock":    {func(f map[string]string) { f["vendor/net/"+language.LockName] += "# more\n" }, "Changed copy"},
		"the copy": {func(f map[string]string) {
			maps.DeleteFunc(f, func(n, _ string) bool { return strings.HasPrefix(n, "vendor/") })
		}, "Import not vendored"},
		"the lock": {func(f map[string]string) { delete(f, language.LockName) }, "Import not locked"},
		"its name": {func(f map[string]string) {
			f[language.LockName] = strings.Replace(f[language.LockName], `"net"`, `"ten"`, 1)
		}, "Import not locked"},
		"its version": {func(f map[string]string) {
			f[language.LockName] = strings.Replace(f[language.LockName], "2.1.3", "2.1.4", 1)
		},
			"Copy of another version: The runbook in checks.d/vendor/net says that it is version \"2.1.3\", and the lock names 2.1.4"},
		"the constraint": {func(f map[string]string) { f["top.hcl"] = strings.Replace(f["top.hcl"], "~> 2.1", "~> 2.2", 1) },
			"checks.d/top.hcl:6,13-21: Lock of another version"},
		"nothing hidden": {func(f map[string]string) { f["vendor/net/.swp"] = "x" }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			files := packed(t)
			test.change(files)
			_, diags := rules.Load(testKinds, overlay("checks.d", files))
			got := messages(diags)
			got = slices.DeleteFunc(got, func(m string) bool { return strings.Contains(m, "Stale lock") })
			if test.want == "" && len(got) == 0 {
				return
			}
			if len(got) != 1 || test.want == "" || !strings.Contains(got[0], test.want) {
				t.Errorf("got %q, want one with %q", got, test.want)
			}
		})
	}
}

func TestImportLinks(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, overlay("", packed(t)).FS); err != nil {
		t.Fatal(err)
	}
	if _, diags := rules.Load(testKinds, rules.Overlay{Name: "d", FS: os.DirFS(dir)}); diags.HasErrors() {
		t.Fatal(messages(diags))
	}
	if err := os.Symlink("net.hcl", filepath.Join(dir, "vendor/net/link.hcl")); err != nil {
		t.Skipf("no links here: %v", err)
	}
	_, diags := rules.Load(testKinds, rules.Overlay{Name: "d", FS: os.DirFS(dir)})
	if got := messages(diags); len(got) != 1 || !strings.Contains(got[0], "Copy unreadable: The copy of it in d/vendor/net can't be read: link.hcl is not a regular file") {
		t.Errorf("got %q", got)
	}
}

// TestImportCredentials has sources hold a password, which no diagnostic may
// quote.
func TestImportCredentials(t *testing.T) {
	for _, source := range []string{
		"oci://me:hunter2@registry.example/net",
		"oci://hunter2@registry.example:5000/a/net",
		"oci://me:hunter2/x@registry.example/net",
		"oci://me:hunter2@registry.example",
		"oci://me:hunter2@registry.example/net@" + aDigest,
		"https://me:hunter2@registry.example/net",
		"me:hunter2@registry.example/net",
	} {
		for name, text := range map[string]string{
			"a.hcl":      "import \"net\" {\n  source = \"" + source + "\"\n}\n",
			"a.hcl.json": "{\"import\": {\"net\": {\n\"source\": \"" + source + "\"}}}\n",
			language.LockName: "import \"net\" {\n  source = \"" + source + "\"\n  version = \"1.0.0\"\n  digest = \"" + aDigest + "\"\n" +
				"  hashes = [\"" + aHash + "\"]\n}\n",
		} {
			_, diags := rules.Load(testKinds, overlay("d", map[string]string{name: text, "own.hcl": "check \"own\" {" + anEcho}))
			said := false
			for _, d := range diags {
				_, hidden := hcl.DiagnosticExtra[diagnostic.Confidential](d)
				said = said || hidden && strings.Contains(d.Detail, "source must hold no credentials") && d.Subject.Start.Line == 2
				if strings.Contains(d.Summary+d.Detail, "hunter") || !hidden && d.Subject != nil && d.Subject.Start.Line == 2 {
					t.Errorf("%s in %s is quoted: %v", source, name, d)
				}
			}
			if !said {
				t.Errorf("%s in %s: %q", source, name, messages(diags))
			}
		}
	}
	_, diags := rules.Imports(overlay("d", map[string]string{"a.hcl": "import \"net\" {\n  source = \"oci://registry.example/net@" + aDigest + "\"\n}\n"}))
	if got := messages(diags); len(got) != 1 || !strings.Contains(got[0], "without a tag or digest") {
		t.Errorf("a digest is taken for credentials: %q", got)
	}
}

// TestImportLinkedFolder puts a link on the way to what is imported, also one
// that leads nowhere else or into itself: pack takes none.
func TestImportLinkedFolder(t *testing.T) {
	for name, test := range map[string]struct{ source, link, to string }{
		"elsewhere":        {"./net", "net", "../elsewhere"},
		"beside":           {"./net/", "net", "real"},
		"on the way":       {"./all/net", "all", "real"},
		"circle":           {"./net", "net", "."},
		"copy of packages": {"oci://registry.example/net", "vendor", "real"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			folders := map[string]string{"d/a.hcl": "import \"net\" {\n  source = \"" + test.source + "\"\n}\ncheck \"own\" {" + anEcho}
			for _, folder := range []string{"elsewhere", "d/real", "d/real/net"} {
				folders[folder+"/net.hcl"] = "check \"up\" {" + anEcho
			}
			if err := os.CopyFS(dir, overlay("", folders).FS); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(test.to, filepath.Join(dir, "d", test.link)); err != nil {
				t.Skipf("no links here: %v", err)
			}
			_, diags := rules.Load(testKinds, rules.Overlay{Name: "d", FS: os.DirFS(filepath.Join(dir, "d"))})
			if got := messages(diags); len(got) != 1 || !strings.Contains(got[0], "d/a.hcl:2") || !strings.Contains(got[0], "Link in place of a folder: d/"+test.link+" is a link") {
				t.Errorf("got %q", got)
			}
		})
	}
}

// TestImportDepth has folders each of which imports the next.
func TestImportDepth(t *testing.T) {
	files := map[string]string{}
	folder := ""
	for range 17 {
		files[folder+"a.hcl"] = "import \"a\" {\n  source = \"./n\"\n}\ncheck \"own\" {" + anEcho
		folder += "n/"
	}
	files[folder+"a.hcl"] = "check \"own\" {" + anEcho
	_, diags := rules.Load(testKinds, overlay("d", files))
	if got := messages(diags); len(got) != 1 || !strings.Contains(got[0], "Imports too deep: Imports stand in imports more than 16 deep here") {
		t.Errorf("got %q", got)
	}
	delete(files, folder+"a.hcl")
	files[folder[:len(folder)-2]+"a.hcl"] = "check \"own\" {" + anEcho
	_, diags = rules.Load(testKinds, overlay("d", files))
	noDiagnostics(t, diags)
}

// TestImportBomb has folders each of which imports the next twice.
func TestImportBomb(t *testing.T) {
	files := map[string]string{}
	folder := ""
	for range 14 {
		files[folder+"a.hcl"] = "import \"a\" {\n  source = \"./n\"\n}\nimport \"b\" {\n  source = \"./n\"\n}\ncheck \"own\" {" + anEcho
		folder += "n/"
	}
	files[folder+"a.hcl"] = "check \"own\" {" + anEcho
	_, diags := rules.Load(testKinds, overlay("d", files))
	if got := messages(diags); len(got) != 1 || !strings.Contains(got[0], "Too many imports: There are more than 256 imports") {
		t.Errorf("got %q", got)
	}
}

// TestImportHashesOnce imports a folder, and with it a copy of a package, under
// several names.
func TestImportHashesOnce(t *testing.T) {
	inner := map[string]string{"deep.hcl": "runbook \"deep\" {\n  version = \"0.1.0\"\n}\ncheck \"deep\" {" + anEcho, "big.txt": "…"}
	files := map[string]string{
		"net/net.hcl":              "import \"deep\" {\n  source = \"oci://registry.example/deep\"\n}",
		"net/" + language.LockName: lockOf(t, "deep", "0.1.0", inner),
	}
	for name, text := range inner {
		files["net/vendor/deep/"+name] = text
	}
	for _, name := range []string{"a", "b", "c"} {
		files[name+".hcl"] = fmt.Sprintf("import %q {\n  source = \"./net\"\n}", name)
	}
	o := overlay("d", files)
	counted := &countingFS{FS: o.FS, opened: map[string]int{}}
	rb, diags := rules.Load(testKinds, rules.Overlay{Name: "d", FS: counted})
	noDiagnostics(t, diags)
	if len(rb.Checks) != 3 {
		t.Errorf("%d checks", len(rb.Checks))
	}
	if n := counted.opened["net/vendor/deep/big.txt"]; n != 1 {
		t.Errorf("the copy was read %d times", n)
	}
}

// countingFS counts how often each file is opened.
type countingFS struct {
	fs.FS
	opened map[string]int
}

func (c *countingFS) Open(name string) (fs.File, error) {
	c.opened[name]++
	return c.FS.Open(name)
}

// TestImportsListed lists imports of which nothing is there.
func TestImportsListed(t *testing.T) {
	list, diags := rules.Imports(overlay("d", map[string]string{
		"a.hcl":        "import \"net\" {\n  source = \"oci://registry.example/net\"\n  version = \"~> 2.1\"\n  host = var.x\n}\ncheck \"broken\" {}\n",
		"override.hcl": "import \"net\" {\n  version = \"~> 2.2\"\n}\n",
	}))
	noDiagnostics(t, diags)
	if len(list) != 1 || list[0].Name != "net" || list[0].Source != "oci://registry.example/net" || list[0].Version != "~> 2.2" || len(list[0].Args) != 1 {
		t.Errorf("imports are %+v", list)
	}
}

// TestImportOverlays has two overlays with an import each, which lie in their
// own folders.
func TestImportOverlays(t *testing.T) {
	part := func(name string) rules.Overlay {
		return rules.Overlay{Name: name, FS: fstest.MapFS{
			"a.hcl":     {Data: []byte("import \"" + name + "\" {\n  source = \"./sub\"\n}\n")},
			"sub/a.hcl": {Data: []byte("check \"of_" + name + "\" {" + anEcho)},
		}}
	}
	over := part("over").FS.(fstest.MapFS)
	over["b.hcl"] = &fstest.MapFile{Data: []byte("check \"own\" {\n  depends_on = [base.check.of_base, over.check.of_over]" + anEcho)}
	rb, diags := rules.Load(testKinds, part("base"), rules.Overlay{Name: "over", FS: fs.FS(over)})
	noDiagnostics(t, diags)
	if c := rb.Check("over.of_over"); c == nil || c.Overlay != "over/sub" || rb.Check("base.of_base") == nil {
		t.Errorf("checks are %+v", rb.Checks)
	}
	_, diags = rules.Load(testKinds, part("same"), rules.Overlay{Name: "again", FS: part("same").FS})
	if got := messages(diags); len(got) != 1 || !strings.Contains(got[0], "Duplicate import") {
		t.Errorf("got %q", got)
	}
}

func TestAddresses(t *testing.T) {
	for text, want := range map[string]struct {
		root language.RefRoot
		name string
		key  string
	}{
		"check.a":              {language.RefCheck, "a", ""},
		`check.a["x.check.y"]`: {language.RefCheck, "a", "x.check.y"},
		"net.check.a":          {language.RefCheck, "net.a", ""},
		`net.sub.fact.a["k"]`:  {language.RefFact, "net.sub.a", "k"},
		"check.check":          {language.RefCheck, "check", ""},
		"net.check.fact":       {language.RefCheck, "net.fact", ""},
	} {
		a, ok := expression.ParseAddress(text)
		key := ""
		if ok && !a.Key.IsNull() {
			key = a.Key.AsString()
		}
		if !ok || a.Root != want.root || a.Name != want.name || key != want.key {
			t.Errorf("%s is %+v, %v", text, a, ok)
		}
		back := expression.AddressOf(a.Root, a.Name)
		if key != "" {
			back = expression.InstanceAddress(a.Root, a.Name, key)
		}
		if back != text {
			t.Errorf("%s becomes %s", text, back)
		}
	}
	for _, text := range []string{"", "a", "net.a", "check", "net.check", "check.a.b", "check.a[0].b", "net.var.a"} {
		if a, ok := expression.ParseAddress(text); ok {
			t.Errorf("%q is %+v", text, a)
		}
	}
	for pattern, matches := range map[string][]string{
		"net.*":            {"net.check.a", `net.check.e["x"]`, "net.sub.check.a"},
		"net.check.a":      {"net.check.a"},
		"net.a":            {"net.check.a"},
		"a":                {"check.a"},
		"check.*":          {"check.a"},
		"*.check.*":        {"net.check.a", `net.check.e["x"]`, "net.sub.check.a"},
		"net.check.*":      {"net.check.a", `net.check.e["x"]`},
		"*":                {"check.a", "net.check.a", `net.check.e["x"]`, "net.sub.check.a"},
		"*.a":              {"net.check.a", "net.sub.check.a"},
		`net.check.e["x"]`: {`net.check.e["x"]`},
	} {
		var got []string
		for _, address := range []string{"check.a", "net.check.a", `net.check.e["x"]`, "net.sub.check.a"} {
			if rules.MatchAddress(pattern, address) {
				got = append(got, address)
			}
		}
		if diff := cmp.Diff(matches, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", pattern, diff)
		}
	}
}

// TestImportCorpus imports every valid runbook of the corpus: what is right on
// its own is right there too, and all of it is there.
func TestImportCorpus(t *testing.T) {
	for _, c := range corpus(t, "valid") {
		t.Run(c.Name, func(t *testing.T) {
			own, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "own", FS: c.Files})
			noDiagnostics(t, diags)
			files := fstest.MapFS{}
			for name, file := range c.Files {
				files["net/"+name] = file
			}
			var arguments strings.Builder
			for _, v := range own.Variables {
				if v.Required() { // a local, of which nothing is known before a site's values are
					fmt.Fprintf(&arguments, "  %s = local.open\n", v.Name)
				}
			}
			files["top.hcl"] = &fstest.MapFile{Data: fmt.Appendf(nil, "variable \"open\" {}\nlocals {\n  open = var.open\n}\nimport \"net\" {\n  source = \"./net\"\n%s}\n", &arguments)}
			rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "top", FS: files})
			noDiagnostics(t, diags)
			if len(rb.Checks) != len(own.Checks) || len(rb.Facts) != len(own.Facts) || len(rb.Conclusions) != len(own.Conclusions) {
				t.Errorf("%d checks, %d facts, %d conclusions; on its own %d, %d, %d",
					len(rb.Checks), len(rb.Facts), len(rb.Conclusions), len(own.Checks), len(own.Facts), len(own.Conclusions))
			}
			for _, check := range own.Checks {
				if rb.Check("net."+check.Name) == nil {
					t.Errorf("check %s is not there", check.Name)
				}
			}
		})
	}
}
