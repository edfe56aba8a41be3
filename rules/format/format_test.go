package format_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	checks "github.com/linecheck/linecheck/checks.d"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/format"
	"github.com/linecheck/linecheck/rules/rulestest"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/tools/txtar"
)

// TestForm holds formatted text against what stands behind it: testdata/*.txtar
// with pairs CASE/before, or CASE/before/FILE, and CASE/after. In them ⏎ is a carriage return and ␣ a
// space at the end of a line, which editors would take away.
func TestForm(t *testing.T) {
	for name, pair := range forms(t) {
		t.Run(name, func(t *testing.T) {
			got, diags := format.Source(pair.name, pair.before)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if diff := cmp.Diff(string(pair.after), string(got)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

type form struct {
	name          string // of the file
	before, after []byte
}

func forms(t testing.TB) map[string]form {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/form.txtar")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]form{}
	for _, f := range archive.Files {
		name, side, _ := strings.Cut(f.Name, "/")
		text := []byte(strings.NewReplacer("⏎", "\r", "␣", " ", "⌂", "\ufeff", "⌁\n", "").Replace(string(f.Data)))
		pair := all[name]
		side, file, named := strings.Cut(side, "/")
		switch side {
		case "before":
			if pair.name, pair.before = "x.hcl", text; named {
				pair.name = file
			}
		case "after":
			pair.after = text
		default:
			t.Fatalf("%s is neither before nor after", f.Name)
		}
		all[name] = pair
	}
	return all
}

func TestRefused(t *testing.T) {
	for name, src := range map[string]string{
		"a syntax error":     "check \"a\" {\n  pass = = 1\n}\n",
		"an unclosed block":  "check \"a\" {\n",
		"NUL":                "a = \"\x00\"\n",
		"no UTF-8":           "a = \"\xff\"\n",
		"a stray return":     "a = 1\r# b\n",
		"nesting":            "a = " + strings.Repeat("(", 100_000) + strings.Repeat(")", 100_000) + "\n",
		"a file of 17 MB":    strings.Repeat("# a\n", 17<<18),
		"what spaces change": "a = b[1 .2]\n",
	} {
		t.Run(name, func(t *testing.T) {
			got, diags := format.Source("x.hcl", []byte(src))
			if got != nil || !diags.HasErrors() {
				t.Errorf("not refused: %q", got)
			}
		})
	}
}

// TestRefusedPlace: what is refused is shown where it stands in the file, with
// its byte order mark.
func TestRefusedPlace(t *testing.T) {
	const text = "a = 1\nb = = 2\n"
	_, plain := format.Source("x.hcl", []byte(text))
	_, marked := format.Source("x.hcl", []byte("\ufeff"+text))
	if len(plain) == 0 || len(marked) == 0 || plain[0].Subject.Start.Line != 2 {
		t.Fatal(plain, marked)
	}
	want := *plain[0].Subject
	want.Start.Byte += 3
	want.End.Byte += 3
	if diff := cmp.Diff(want, *marked[0].Subject); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestShippedFilesAreFormatted(t *testing.T) {
	shipped := os.DirFS("../../checks.d") // with its tests
	n := 0
	err := fs.WalkDir(shipped, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".hcl") {
			return err
		}
		n++
		src, err := fs.ReadFile(shipped, path)
		if err != nil {
			return err
		}
		got, diags := format.Source(path, src)
		if diags.HasErrors() {
			t.Error(diags)
		}
		if diff := cmp.Diff(string(src), string(got)); diff != "" {
			t.Errorf("%s: -is +formatted\n%s", path, diff)
		}
		return nil
	})
	if err != nil || n == 0 {
		t.Fatal(n, err)
	}
}

// FuzzSource holds two promises against whatever can be written: formatting
// twice is formatting once, and rules mean what they meant.
func FuzzSource(f *testing.F) {
	for _, src := range corpus(f) {
		f.Add(src)
	}
	f.Fuzz(hold)
}

// FuzzTokens is FuzzSource over texts that mostly parse: files of the corpus
// with tokens moved, white space changed and comments put in between.
func FuzzTokens(f *testing.F) {
	files := corpus(f)
	for seed := range uint64(200) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 0))
		hold(t, shuffle(rng, files[rng.IntN(len(files))], files[rng.IntN(len(files))]))
	})
}

// hold fails unless both promises are kept.
func hold(t *testing.T, src []byte) {
	once, diags := format.Source("x.hcl", src)
	if diags.HasErrors() {
		if once != nil {
			t.Fatal("text beside an error")
		}
		return
	}
	twice, diags := format.Source("x.hcl", once)
	if diags.HasErrors() {
		t.Fatalf("refuses what it wrote: %v\n%q\nof\n%q", diags, once, src)
	}
	if !bytes.Equal(once, twice) {
		t.Fatalf("formatted once\n%q\ntwice\n%q\nof\n%q", once, twice, src)
	}
	before, diags := load(src)
	if diags.HasErrors() {
		return
	}
	after, diags := load(once)
	if diags.HasErrors() {
		t.Fatalf("no longer valid: %v\n%q\nwas\n%q", diags, once, src)
	}
	if before, after := dump(before), dump(after); before != after {
		t.Fatalf("another meaning: %s\n%q\nwas\n%q", cmp.Diff(before, after), once, src)
	}
}

// shuffle changes a text here and there, with tokens of another one.
func shuffle(rng *rand.Rand, src, other []byte) []byte {
	tokens, _ := hclsyntax.LexConfig(src, "", hcl.InitialPos)
	spare, _ := hclsyntax.LexConfig(other, "", hcl.InitialPos)
	between := []string{"", " ", "  ", "\t", "\n", "\n\n\n", "\r\n", " # c\n", "/* c */", "/* a\n\n\n b */", "\n// c\n", "-", "!", "\"${", "}\"", "(", ")", "<<EOT\n", "\nEOT\n"}
	odds := 1 + rng.IntN(200) // of a change, in 1000
	gentle := rng.IntN(3) > 0 // only white space changes
	if gentle {
		between = between[:5]
	}
	var out []byte
	done := 0
	for _, tok := range tokens {
		gap := src[min(done, tok.Range.Start.Byte):tok.Range.Start.Byte]
		done = tok.Range.End.Byte
		if rng.IntN(1000) < odds && (!gentle || len(gap) > 0) {
			gap = []byte(between[rng.IntN(len(between))])
		}
		out = append(out, gap...)
		if !gentle && rng.IntN(4000) < odds {
			switch rng.IntN(3) {
			case 0:
				continue
			case 1:
				out = append(out, tok.Bytes...)
			case 2:
				out = append(out, spare[rng.IntN(len(spare))].Bytes...)
			}
		}
		out = append(out, tok.Bytes...)
	}
	return out
}

func load(src []byte) (*rules.Runbook, hcl.Diagnostics) {
	return rules.Load(probe.Kinds(), rules.Overlay{Name: "x", FS: fstest.MapFS{"x.hcl": {Data: src}}})
}

// corpus is every file of the corpora and of the shipped runbook.
func corpus(t testing.TB) [][]byte {
	t.Helper()
	var all [][]byte
	for _, folder := range []string{"../testdata/valid", "../testdata/faulty"} {
		cases, err := rulestest.Corpus(os.DirFS(folder))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			for name, file := range c.Files {
				if strings.HasSuffix(name, ".hcl") {
					all = append(all, file.Data)
				}
			}
		}
	}
	for _, pair := range forms(t) {
		all = append(all, pair.before)
	}
	err := fs.WalkDir(checks.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := fs.ReadFile(checks.FS, path)
		all = append(all, src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// dump writes a runbook out with all of its expressions, but without places,
// brackets and interpolations that hand on what they enclose.
func dump(rb *rules.Runbook) string {
	rb.Files, rb.Kinds = nil, nil
	var b strings.Builder
	dumpValue(&b, reflect.ValueOf(rb))
	return b.String()
}

func dumpValue(b *strings.Builder, v reflect.Value) {
	if v.IsValid() && v.CanInterface() {
		switch x := v.Interface().(type) {
		case hcl.Range, hcl.Pos:
			return
		case cty.Value:
			if x == cty.NilVal {
				b.WriteString("nil\n")
			} else {
				fmt.Fprintf(b, "%#v\n", x)
			}
			return
		case cty.Type:
			fmt.Fprintf(b, "%#v\n", x)
			return
		case *hclsyntax.TemplateWrapExpr:
			dumpValue(b, reflect.ValueOf(x.Wrapped))
			return
		case *hclsyntax.ParenthesesExpr:
			dumpValue(b, reflect.ValueOf(x.Expression))
			return
		case *hclsyntax.Operation:
			fmt.Fprintf(b, "%p\n", x)
			return
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			b.WriteString("nil\n")
			return
		}
		dumpValue(b, v.Elem())
	case reflect.Struct:
		fmt.Fprintf(b, "%s {\n", v.Type().Name())
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fmt.Fprintf(b, "%s: ", v.Type().Field(i).Name)
				dumpValue(b, v.Field(i))
			}
		}
		b.WriteString("}\n")
	case reflect.Slice:
		for i := range v.Len() {
			dumpValue(b, v.Index(i))
		}
		b.WriteString("\n")
	case reflect.Func, reflect.Map:
	default:
		fmt.Fprintf(b, "%#v\n", v)
	}
}

func TestDumpSeesAnotherMeaning(t *testing.T) {
	const text = "check \"a\" {\n  target = \"127.0.0.1\"\n  probe \"tcp\" {\n    port = 1\n  }\n  pass = result.connected\n  explain = \"${target} no\"\n}\n"
	first, diags := load([]byte(text))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	seen := dump(first)
	for _, change := range [][2]string{{"port = 1", "port = 2"}, {"result.connected", "!result.connected"}, {" no", " no "}, {"127.0.0.1", "127.0.0.2"}, {"result.connected", "result.refused"}} {
		second, _ := load([]byte(strings.Replace(text, change[0], change[1], 1)))
		if dump(second) == seen {
			t.Errorf("not seen: %v", change)
		}
	}
	same, _ := load([]byte(strings.Replace(text, "result.connected", `"${(result.connected)}"`, 1)))
	if diff := cmp.Diff(seen, dump(same)); diff != "" {
		t.Errorf("seen for nothing: %s", diff)
	}
}

func BenchmarkSource(b *testing.B) {
	src := rulestest.Generate(rulestest.Shape{Checks: 1_000})["checks-000000.hcl"].Data
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, diags := format.Source("x.hcl", src); diags.HasErrors() {
			b.Fatal(diags)
		}
	}
}
