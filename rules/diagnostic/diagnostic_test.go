package diagnostic

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// updateVar names the variable that rewrites the golden files.
const updateVar = "LINECHECK_UPDATE"

// at is the range of the nth (from 0) occurrence of a part of a file.
func at(files map[string][]byte, name, part string, nth int) *hcl.Range {
	src := files[name]
	offset := -1
	for range nth + 1 {
		offset += 1 + bytes.Index(src[offset+1:], []byte(part))
	}
	return between(name, src, offset, offset+len(part))
}

func between(name string, src []byte, from, to int) *hcl.Range {
	return &hcl.Range{Filename: name, Start: pos(src, from), End: pos(src, to)}
}

func pos(src []byte, offset int) hcl.Pos {
	before := src[:offset]
	line := bytes.LastIndexByte(before, '\n') + 1
	return hcl.Pos{Line: bytes.Count(before, []byte("\n")) + 1, Column: utf8.RuneCount(before[line:]) + 1, Byte: offset}
}

const gateway = `variable "default_gateway" {
  type = string
}

check "default_gateway" {
  target = var.default_gateway

  probe "ping" { count = 3 }

  pass = result.recieved > 0 && (
    fact.way_out.on_link ||
    sameip(fact.way_out.gateway, target)
  )
  explain = <<EOT
    ${target} does not answer.
  EOT
}
`

var files = map[string][]byte{
	"20-gateway.hcl": []byte(gateway),
	"crlf.hcl":       []byte("check \"a\" {\r\n  pass = oops\r\n}\r\n"),
	"tabs.hcl":       []byte("check \"a\" {\n\tpass\t= oops > 1 # end\n}\n"),
	"wide.hcl":       []byte("check \"a\" {\n  title = \"網路 é e\u0301 👩‍👩‍👧 ü\" + oops\n}\n"),
	"evil.hcl":       []byte("check \"a\" {\n  pass = \"\x1b[31m\u009b\u202eab\x00\xff\" + oops\n}\n"),
	"long.hcl":       []byte("pass = " + strings.Repeat("left é ", 70_000) + "oops" + strings.Repeat(" right", 90_000) + "\nnext = 1\n"),
	"medium.hcl":     []byte("pass = " + strings.Repeat("a + ", 40) + "oops" + strings.Repeat(" + b", 40) + "\n"),
	"open.hcl":       []byte("check \"a\" {\n  pass = true\n"),
	"bare.hcl":       []byte("check \"a\" {"),
	"empty.hcl":      {},
	"loose.hcl":      []byte("pass = oops\n\n# {\nlocals {\n  a = 1\n}\n\nb = oops\n"),
}

func cases() map[string]hcl.Diagnostics {
	error := func(summary, detail string, subject *hcl.Range) *hcl.Diagnostic {
		return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: detail, Subject: subject}
	}
	one := func(d *hcl.Diagnostic) hcl.Diagnostics { return hcl.Diagnostics{d} }
	oops := func(name string) hcl.Diagnostics {
		return one(error("Unknown name", `There is no "oops" here.`, at(files, name, "oops", 0)))
	}
	src := []byte(gateway)
	withContext := error("Not true or false", "This is a number.", at(files, "20-gateway.hcl", "result.recieved > 0", 0))
	withContext.Context = at(files, "20-gateway.hcl", gateway[strings.Index(gateway, "  pass"):strings.Index(gateway, "  explain")], 0)
	longContext := error("Unknown probe", "There is no probe kind \"ping\".", at(files, "20-gateway.hcl", `"ping"`, 0))
	longContext.Context = between("20-gateway.hcl", src, 0, len(src))

	duplicate := error("Duplicate check", "A check of this name was already defined.", at(files, "20-gateway.hcl", `check "default_gateway"`, 0))
	duplicate.Extra = Related{
		{Note: "first defined here", Range: *at(files, "crlf.hcl", `check "a"`, 0)},
		{Note: "and once more", Range: hcl.Range{Filename: "gone.hcl", Start: hcl.Pos{Line: 7, Column: 3, Byte: 90}, End: hcl.Pos{Line: 7, Column: 4, Byte: 91}}},
	}

	expr, _ := hclsyntax.ParseExpression([]byte(`result.code + result.greeting + result.tls + var.secret + result.list[0] + missing.x + result.code`), "x.hcl", hcl.InitialPos)
	evaluated := error("Can't be computed", "It broke.", at(files, "20-gateway.hcl", "result.recieved", 0))
	evaluated.Severity = hcl.DiagWarning
	evaluated.Expression = expr
	evaluated.EvalContext = &hcl.EvalContext{Variables: map[string]cty.Value{
		"result": cty.ObjectVal(map[string]cty.Value{
			"code":     cty.NumberIntVal(554),
			"greeting": cty.StringVal("554 \x1b[2J" + strings.Repeat("long ", 40)),
			"tls":      cty.UnknownVal(cty.Bool),
			"list":     cty.ListVal([]cty.Value{cty.NullVal(cty.String)}),
		}),
		"var": cty.ObjectVal(map[string]cty.Value{"secret": cty.StringVal("hunter2").Mark("sensitive")}),
	}}

	many := hcl.Diagnostics{}
	for i := range 260 {
		d := error(fmt.Sprintf("Mistake %d", i), "", nil)
		if i%2 == 0 {
			d.Severity = hcl.DiagWarning
		}
		many = append(many, d)
	}
	end := func(name string) *hcl.Range { return between(name, files[name], len(files[name]), len(files[name])) }
	return map[string]hcl.Diagnostics{
		"plain":     one(error("Unknown attribute", `result has no attribute "recieved". Did you mean "received"?`, at(files, "20-gateway.hcl", "recieved", 0))),
		"noplace":   one(error("Runbook too big", "The check files hold more than 512 MiB together, which nobody ever wrote by hand. Generate fewer checks.\n\nSome of them:\n  - a.hcl which is laid out already and so it stays as it is, however long it may get\n  - b.hcl", nil)),
		"nosource":  one(error("Unreadable", "Permission denied.", &hcl.Range{Filename: "gone\x1b[1m.hcl", Start: hcl.Pos{Line: 3, Column: 1, Byte: 40}, End: hcl.Pos{Line: 3, Column: 2, Byte: 41}})),
		"context":   one(withContext),
		"longer":    one(longContext),
		"severalin": one(error("Always true", "This is always true.", at(files, "20-gateway.hcl", gateway[strings.Index(gateway, "result.rec"):strings.Index(gateway, "  explain")], 0))),
		"many":      one(error("Unused check", "It is long.", between("20-gateway.hcl", src, strings.Index(gateway, "check"), len(gateway)))),
		"crlf":      oops("crlf.hcl"),
		"tabs":      oops("tabs.hcl"),
		"wide":      oops("wide.hcl"),
		"evil":      one(error("Un\x1b[31mknown", "There is no \"\x1b]0;title\a\u202e\" here.\r\nSecond line.", at(files, "evil.hcl", "oops", 0))),
		"long":      oops("long.hcl"),
		"longstart": one(error("Unknown name", "It is at the beginning.", at(files, "long.hcl", "pass", 0))),
		"longall":   one(error("Too long", "All of it.", between("long.hcl", files["long.hcl"], 0, bytes.IndexByte(files["long.hcl"], '\n')))),
		"medium":    oops("medium.hcl"),
		"eof":       one(error("Missing brace", "The block does not end.", end("open.hcl"))),
		"bareeof":   one(error("Missing brace", "The block does not end.", end("bare.hcl"))),
		"empty":     one(error("No check", "The file holds nothing.", end("empty.hcl"))),
		"beyond":    one(error("Odd", "A range that the file does not have.", &hcl.Range{Filename: "bare.hcl", Start: hcl.Pos{Line: 9, Column: 1, Byte: 900}, End: hcl.Pos{Line: 9, Column: 5, Byte: 5}})),
		"related":   one(duplicate),
		"values":    one(evaluated),
		"loose":     {error("First", "", at(files, "loose.hcl", "oops", 0)), error("Second", "", at(files, "loose.hcl", "oops", 1)), error("Third", "", at(files, "loose.hcl", "a = 1", 0))},
		"limit":     many,
		"none":      nil,
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv(updateVar) != "" {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; %s=1 rewrites it):\n%s", path, updateVar, diff)
	}
}

func TestText(t *testing.T) {
	for name, diags := range cases() {
		t.Run(name, func(t *testing.T) {
			var buf bytes.Buffer
			if err := Text(&buf, diags, files, Style{}); err != nil {
				t.Fatal(err)
			}
			checkText(t, buf.Bytes())
			golden(t, name+".txt", buf.Bytes())
		})
	}
	for name, style := range map[string]Style{
		"color":  {Color: true},
		"narrow": {Width: 40},
		"few":    {Limit: 1},
	} {
		t.Run(name, func(t *testing.T) {
			var buf bytes.Buffer
			diags := append(cases()["plain"], cases()["values"]...)
			if err := Text(&buf, append(diags, cases()["related"]...), files, style); err != nil {
				t.Fatal(err)
			}
			golden(t, name+".txt", buf.Bytes())
		})
	}
}

// checkText holds a text without colours against what may reach a terminal.
func checkText(t *testing.T, text []byte) {
	t.Helper()
	if !utf8.Valid(text) {
		t.Error("not UTF-8")
	}
	for _, r := range string(text) {
		if r != '\n' && unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			t.Errorf("%U reaches the terminal", r)
		}
	}
}

func TestJSON(t *testing.T) {
	for name, diags := range cases() {
		t.Run(name, func(t *testing.T) {
			var buf bytes.Buffer
			if err := JSON(&buf, diags, files); err != nil {
				t.Fatal(err)
			}
			checkJSON(t, buf.Bytes(), diags)
			if name != "limit" {
				golden(t, name+".json", buf.Bytes())
			}
		})
	}
}

// checkJSON holds the document against the published shape.
func checkJSON(t *testing.T, raw []byte, diags hcl.Diagnostics) {
	t.Helper()
	checkText(t, raw)
	var doc document
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	if doc.FormatVersion != "1.0" || len(doc.Diagnostics) != len(diags) || doc.ErrorCount+doc.WarningCount != len(diags) || doc.Valid != !diags.HasErrors() {
		t.Errorf("head does not fit %d diagnostics: %+v", len(diags), doc)
	}
	for i, d := range doc.Diagnostics {
		if (d.Range != nil) != (diags[i].Subject != nil) {
			t.Error("range without a place, or the other way round")
		}
		if s := d.Snippet; s != nil && (s.Values == nil || s.Start < 0 || s.Start > s.End || s.End > len(s.Code) || s.StartLine < 1) {
			t.Errorf("snippet out of bounds: %+v", s)
		}
	}
}

// TestHundredInBigFile holds the promise that a file is indexed once.
func TestHundredInBigFile(t *testing.T) {
	src := bytes.Repeat([]byte("  pass = result.recieved > 0 # a line\n"), 10<<20/38)
	files := map[string][]byte{"big.hcl": src}
	var diags hcl.Diagnostics
	for i := range 100 {
		offset := (len(src)/38-1-i*2000)*38 + 9
		diags = append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Unknown", Subject: &hcl.Range{
			Filename: "big.hcl", Start: hcl.Pos{Line: offset/38 + 1, Column: 10, Byte: offset}, End: hcl.Pos{Line: offset/38 + 1, Column: 18, Byte: offset + 8},
		}})
	}
	begin := time.Now()
	var buf bytes.Buffer
	if err := Text(&buf, diags, files, Style{}); err != nil {
		t.Fatal(err)
	}
	if err := JSON(&buf, diags, files); err != nil {
		t.Fatal(err)
	}
	// hcl's own writer takes more than a second for each of them.
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
}

func BenchmarkHundredInBigFile(b *testing.B) {
	src := bytes.Repeat([]byte("  pass = result.recieved > 0 # a line\n"), 10<<20/38)
	files := map[string][]byte{"big.hcl": src}
	var diags hcl.Diagnostics
	for i := range 100 {
		offset := i*2000*38 + 9
		diags = append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Unknown", Detail: "No.", Subject: between("big.hcl", src, offset, offset+8)})
	}
	b.Run("text", func(b *testing.B) {
		for b.Loop() {
			Text(&bytes.Buffer{}, diags, files, Style{})
		}
	})
	b.Run("json", func(b *testing.B) {
		for b.Loop() {
			JSON(&bytes.Buffer{}, diags, files)
		}
	})
}

// FuzzWrite writes anything about anything: no panic, nothing raw, a document
// of the published shape.
func FuzzWrite(f *testing.F) {
	for name, src := range files {
		if len(src) < 4096 {
			f.Add(src, "summary", "detail", 3, 9, name == "evil.hcl", 80)
			f.Add(src, "s\x1b", "d\xff \n  e", len(src), len(src)+1, true, 30)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte, summary, detail string, from, to int, context bool, width int) {
		rng := &hcl.Range{Filename: "a.hcl", Start: hcl.Pos{Line: 1, Column: 1, Byte: from}, End: hcl.Pos{Line: 1, Column: 1, Byte: to}}
		d := &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: detail, Subject: rng}
		if context {
			d.Context = &hcl.Range{Filename: "a.hcl", Start: hcl.Pos{Byte: from - 7}, End: hcl.Pos{Byte: to + 5}}
		}
		diags := hcl.Diagnostics{d}
		files := map[string][]byte{"a.hcl": src}
		var buf bytes.Buffer
		if err := Text(&buf, diags, files, Style{Width: width % 200}); err != nil {
			t.Fatal(err)
		}
		checkText(t, buf.Bytes())
		buf.Reset()
		if err := JSON(&buf, diags, files); err != nil {
			t.Fatal(err)
		}
		checkJSON(t, buf.Bytes(), diags)
	})
}
