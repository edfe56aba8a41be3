package rules_test

import (
	"bytes"
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/checks.d"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
)

// said is what a runbook block says.
func said(rb *rules.Runbook) []any {
	var requires []string
	for _, r := range rb.Requires {
		requires = append(requires, r.Constraint)
	}
	return []any{rb.Name, rb.Version, rb.Title, rb.Description, rb.License, rb.Authors, rb.Source, requires}
}

// headingAgrees holds that of a folder which loads, the heading is the same.
func headingAgrees(t *testing.T, folder fs.FS) {
	t.Helper()
	rb, diags := rules.Load(probe.Kinds(), rules.Overlay{FS: folder})
	if diags.HasErrors() {
		return
	}
	heading, diags := rules.Heading(folder)
	if diags.HasErrors() {
		t.Errorf("the folder loads and its heading does not: %v", diags)
	}
	if diff := cmp.Diff(said(rb), said(heading)); diff != "" {
		t.Errorf("heading (-loaded +heading):\n%s", diff)
	}
}

func TestHeading(t *testing.T) {
	for _, folder := range []string{"faulty", "valid"} {
		for _, c := range corpus(t, folder) {
			t.Run(c.Name, func(t *testing.T) { headingAgrees(t, c.Files) })
		}
	}
	shipped, diags := rules.Heading(checks.FS)
	if diags.HasErrors() || shipped.Name != "mail-line" || shipped.Version == "" || len(shipped.Checks) != 0 {
		t.Errorf("the shipped runbook is %q %q with %d checks (%v)", shipped.Name, shipped.Version, len(shipped.Checks), diags)
	}
}

// TestHeadingFinds hides a runbook block as a file may, and words that are none.
func TestHeadingFinds(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"behind a comment":       {"a.hcl": "/* runbook \"x\" {} */ runbook \"net\" { version = \"1.0.0\" }\n"},
		"behind an indent":       {"a.hcl": "# runbook\n\t runbook net {\n  version = \"1.0.0\"\n}\n"},
		"behind a byte order":    {"a.hcl": "\ufeffrunbook \"net\" {\n  version = \"1.0.0\"\n}\n"},
		"in Windows' lines":      {"a.hcl": "runbook \"net\" {\r\n  version = \"1.0.0\"\r\n}\r\n"},
		"behind other blocks":    {"a.hcl": goodCheck + "locals {\n  runbook = { runbook = \"}\" }\n  x = <<E\nrunbook \"y\" {\nE\n}\nrunbook \"net\" {\n  version = \"1.0.0\"\n}\n"},
		"with braces in it":      {"a.hcl": "runbook \"net\" {\n  title = \"}\"\n  version = \"1.0.0\" # }\n}\n"},
		"changed by an override": {"a.hcl": "runbook \"net\" {\n  version = \"0.9.0\"\n}\n", "z_override.hcl": "runbook \"net\" {\n  version = \"1.0.0\"\n}\n"},
		"JSON":                   {"a.hcl.json": `{"variable":{"runbook":{"type":"string","default":"runbook"}},"runbook":{"net":{"version":"1.0.0"}}}`},
		"JSON with escapes":      {"a.hcl.json": `{"r\u0075nbook":{"net":{"version":"1.0.0"}}}`},
		"JSON as a list":         {"a.hcl.json": `[{"locals":{"x":1}},{"runbook":[{"net":{"version":"1.0.0"}}]}]`},
	} {
		t.Run(name, func(t *testing.T) {
			folder := fstest.MapFS{"good.hcl": {Data: []byte(goodCheck)}}
			if strings.Contains(files["a.hcl"], goodCheck) {
				delete(folder, "good.hcl")
			}
			for name, text := range files {
				folder[name] = &fstest.MapFile{Data: []byte(text)}
			}
			if _, diags := rules.Load(probe.Kinds(), rules.Overlay{FS: folder}); diags.HasErrors() {
				t.Fatal(diags)
			}
			headingAgrees(t, folder)
			if rb, _ := rules.Heading(folder); rb.Name != "net" || rb.Version != "1.0.0" {
				t.Errorf("heading is %q %q", rb.Name, rb.Version)
			}
		})
	}
}

// TestHeadingIsCheap reads the headings of folders that would take gigabytes to
// load.
func TestHeadingIsCheap(t *testing.T) {
	big := 4<<20 - 100
	for name, test := range map[string]struct{ file, text, want string }{
		"big block":               {"a.hcl", "runbook \"net\" {\n  title = [" + strings.Repeat("1,", big/8) + "]\n}\n", "bigger than 64 KiB"},
		"big neighbour":           {"a.hcl", "runbook \"net\" {}\nlocals {\n  x = [" + strings.Repeat("1,", big/8) + "]\n}\n", ""},
		"big neighbour of tokens": {"a.hcl", "runbook \"net\" {}\nlocals {\n  x = [" + strings.Repeat("1,", big/2) + "]\n}\n", ""},
		"big JSON block":          {"a.hcl.json", `{"runbook":{"net":{"title":[1` + strings.Repeat(",1", big/2-50) + "]}}}", "bigger than 64 KiB"},
		"many files":              {"a.hcl", "# runbook\n" + strings.Repeat("#", big), "more than 4 MiB together"},
		"big JSON":                {"a.hcl.json", `{"runbook":{"net":{}},"locals":{"x":[1` + strings.Repeat(",1", big/2-50) + "]}}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			folder := fstest.MapFS{test.file: {Data: []byte(test.text)}}
			if name == "many files" {
				folder["b.hcl"] = folder[test.file]
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			rb, diags := rules.Heading(folder)
			runtime.ReadMemStats(&after)
			if test.want == "" && (diags.HasErrors() || rb.Name != "net") || test.want != "" && !strings.Contains(diags.Error(), test.want) {
				t.Errorf("%q: %v", rb.Name, diags)
			}
			if took := after.TotalAlloc - before.TotalAlloc; took > uint64(8*len(test.text)) {
				t.Errorf("it took %d bytes of memory for a file of %d", took, len(test.text))
			}
		})
	}
}

func FuzzHeading(f *testing.F) {
	for _, c := range corpus(f, "valid") {
		for name, file := range c.Files {
			if bytes.Contains(file.Data, []byte("runbook")) {
				f.Add(string(file.Data), strings.HasSuffix(name, ".json"))
			}
		}
	}
	f.Add("/**/ runbook \"a\" { version = \"1.0.0\" }\n"+goodCheck, false)
	f.Fuzz(func(t *testing.T, text string, json bool) {
		if len(text) > 1<<15 {
			return
		}
		name := "a.hcl"
		if json {
			name += ".json"
		}
		headingAgrees(t, fstest.MapFS{"good.hcl": {Data: []byte(strings.ReplaceAll(goodCheck, "good", "other"))}, name: {Data: []byte(text)}})
	})
}

func BenchmarkHeading(b *testing.B) {
	const size = 3 << 20 // below what is read
	line := "# x = 1 + y.z # comment\n"
	folder := fstest.MapFS{"a.hcl": {Data: []byte("runbook \"net\" {}\n" + strings.Repeat(line, size/len(line)))}}
	b.SetBytes(size)
	for b.Loop() {
		if rb, diags := rules.Heading(folder); diags.HasErrors() || rb.Name != "net" {
			b.Fatal(diags)
		}
	}
}
