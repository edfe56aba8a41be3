package terminal_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/rules/terminal"
	"pgregory.net/rapid"
)

func TestWidth(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "abc": 3, "é": 1, "e\u0301": 1, "網": 2, "한": 2,
		"\u1112\u1161\u11ab":         2, // 한, decomposed
		"✔":                          1,
		"✔️":                         2,
		"👨\u200d👩\u200d👧\u200d👦":     2,
		"🇩🇪":                         2,
		"1️⃣":                        2,
		"→ · … ✓":                    7,
		"a👨\u200d👩\u200d👧b 網e\u0301": 8,
	} {
		if got := terminal.Width(text); got != want {
			t.Errorf("Width(%q) = %d, want %d", text, got, want)
		}
	}
}

// text draws what anybody may send.
func text() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.StringOf(rapid.SampledFrom([]rune("ab \n\r\t\v\x1b\a\x7f\u0085\u009b\u00a0\u200b\u202e\u2028\u2066\ufeff\ufffd\u3000]8;;\\網é\u0301\ufe0f✔👨👩\u200d\u200c\u1112\u1161\u11ab\U0001f1e9\u0d4e\U000e0041\ue000"))),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
	)
}

// obeyed is the first character of a text that a terminal may obey, that turns
// the direction of writing or that breaks the line; ok without one.
func obeyed(text string) (r rune, ok bool) {
	if !utf8.ValidString(text) {
		return utf8.RuneError, false
	}
	for _, r := range text {
		if unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return r, false
		}
	}
	return 0, true
}

func checkDisarmed(t interface {
	Helper()
	Fatalf(string, ...any)
}, text string) {
	t.Helper()
	for name, disarm := range map[string]func(string) string{
		"Line":  terminal.Line,
		"Lines": terminal.Lines,
		"Spell": func(text string) string { return terminal.Spell(text, "") },
		"ASCII": func(text string) string { return terminal.ASCII(terminal.Line(text)) },
	} {
		got := disarm(text)
		one := got
		if name == "Lines" {
			one = strings.ReplaceAll(got, "\n", "")
		}
		if r, ok := obeyed(one); !ok {
			t.Fatalf("%s(%q) = %q holds %U", name, text, got, r)
		}
		if again := disarm(got); again != got {
			t.Fatalf("%s(%q) = %q, and of that %q", name, text, got, again)
		}
		if i := strings.IndexFunc(got, func(r rune) bool { return r > unicode.MaxASCII }); name == "ASCII" && i >= 0 {
			t.Fatalf("ASCII(%q) = %q", text, got)
		}
	}
	excerpt, _, _ := terminal.Excerpt([]byte(text), 1, len(text)/2, 20)
	if r, ok := obeyed(excerpt); !ok {
		t.Fatalf("Excerpt(%q) = %q holds %U", text, excerpt, r)
	}
}

func TestDisarmed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkDisarmed(t, text().Draw(t, "text")) })
}

func FuzzDisarmed(f *testing.F) {
	for _, seed := range []string{"a\x1b[2J", "\u202ecod.exe", "\xff\xc2", "\u009b31m", "a\r\nb\tc", "👨\u200d👩", "\u2028", "\\x1b", "\U000e0041"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { checkDisarmed(t, text) })
}

func TestDisarmedForm(t *testing.T) {
	const all = "a\\b\x1b[1m\x80\u0085\u202e\U000e0041\u00a0\t\r\nc\u200dd"
	for name, test := range map[string]struct{ got, want string }{
		"line":  {terminal.Line(all), `a\b\x1b[1m\x80 \u202e\U000e0041    c` + "\u200dd"},
		"lines": {terminal.Lines(all), `a\b\x1b[1m\x80 \u202e\U000e0041     ` + "\nc\u200dd"},
		"spell": {terminal.Spell(all, ""), `a\b\x1b[1m\x80\u0085\u202e\U000e0041\u00a0\t\r\nc\u200dd`},
		"keep":  {terminal.Spell("a\tb\nc", "\t"), "a\tb" + `\nc`},
		"quote": {terminal.Quote(`"` + terminal.Line("a\x1b") + `"`), `"\"a\x1b\""`},
		"ascii": {terminal.ASCII("“é” → 網…"), `"\u00e9" -> \u7db2...`},
	} {
		if test.got != test.want {
			t.Errorf("%s: %q, want %q", name, test.got, test.want)
		}
	}
}

// TestXML is TestJSON for attributes and text of XML.
func TestXML(t *testing.T) {
	type said struct {
		Name string `xml:"name,attr"`
		Text string `xml:",chardata"`
	}
	rapid.Check(t, func(t *rapid.T) {
		doc, err := xml.MarshalIndent(said{text().Draw(t, "name"), text().Draw(t, "value")}, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		got := terminal.XML(doc)
		if r, ok := obeyed(string(got)); !ok {
			t.Fatalf("%q holds %U", got, r)
		}
		var before, after said
		if err := xml.Unmarshal(doc, &before); err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(got, &after); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestJSON holds that a document says the same as before, and holds nothing that
// a terminal would obey.
func TestJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := map[string]string{text().Draw(t, "name"): text().Draw(t, "value")}
		var doc bytes.Buffer
		enc := json.NewEncoder(&doc)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(said); err != nil {
			t.Fatal(err)
		}
		got := terminal.JSON(bytes.TrimRight(doc.Bytes(), "\n"))
		if r, ok := obeyed(string(got)); !ok {
			t.Fatalf("%q holds %U", got, r)
		}
		var before, after map[string]string
		if err := json.Unmarshal(doc.Bytes(), &before); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(got, &after); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestCutFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, columns := terminal.Line(text().Draw(t, "text")), rapid.IntRange(0, 12).Draw(t, "columns")
		head, tail := terminal.Cut(text, columns)
		if terminal.Width(head) > columns || head+tail != text {
			t.Fatalf("Cut(%q, %d) = %q, %q", text, columns, head, tail)
		}
		if next, _ := terminal.Cut(tail, columns); tail != "" && next != "" && terminal.Width(head+next) <= columns {
			t.Fatalf("Cut(%q, %d) = %q, and %q fits as well", text, columns, head, next)
		}
		if padded := terminal.Pad(head, columns); terminal.Width(padded) != columns && !strings.HasSuffix(head, "\u0d4e") {
			t.Fatalf("Pad(%q, %d) = %q", head, columns, padded)
		}
	})
}

func TestWrapLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := terminal.Lines(text().Draw(t, "text"))
		w := terminal.Wrap{
			Columns: rapid.IntRange(1, 20).Draw(t, "columns"),
			First:   rapid.IntRange(0, 20).Draw(t, "first"),
			Whole:   rapid.Bool().Draw(t, "whole"),
		}
		lines := w.Lines(text)
		for i, line := range lines {
			columns := w.Columns
			if i == 0 && w.First > 0 {
				columns = w.First
			}
			_, rest := terminal.Cut(line, columns)
			if head, _ := terminal.Cut(line, terminal.Width(line)-1); rest != "" && head != "" && !(w.Whole && !strings.Contains(line, " ")) {
				t.Fatalf("%+v breaks %q into %q: line %d is too wide", w, text, lines, i)
			}
		}
		if got, want := strings.Join(lines, " "), strings.Join(strings.Fields(text), " "); w.Whole && strings.Join(strings.Fields(got), " ") != want {
			t.Fatalf("%+v breaks %q into %q", w, text, lines)
		}
		without := func(text string) string { return strings.Join(strings.Fields(text), "") }
		if without(strings.Join(lines, "")) != without(text) {
			t.Fatalf("%+v breaks %q into %q", w, text, lines)
		}
	})
}

func TestWrap(t *testing.T) {
	for name, test := range map[string]struct {
		wrap terminal.Wrap
		text string
		want []string
	}{
		"empty":          {terminal.Wrap{Columns: 5}, "", []string{""}},
		"paragraphs":     {terminal.Wrap{Columns: 5}, "\na b c d\n\ne\n", []string{"a b c", "d", "", "e"}},
		"long word":      {terminal.Wrap{Columns: 4}, "a abcdefgh b", []string{"a", "abcd", "efgh", "b"}},
		"whole word":     {terminal.Wrap{Columns: 4, Whole: true}, "a abcdefgh b", []string{"a", "abcdefgh", "b"}},
		"wide":           {terminal.Wrap{Columns: 5}, "網網網 網", []string{"網網", "網 網"}},
		"too narrow":     {terminal.Wrap{Columns: 1}, "網網", []string{"網", "網"}},
		"behind a label": {terminal.Wrap{Columns: 5, First: 2}, "a b c d", []string{"a", "b c d"}},
	} {
		if diff := cmp.Diff(test.want, test.wrap.Lines(test.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWords(t *testing.T) {
	many := strings.Split(strings.Repeat("a", 14), "")
	for _, test := range []struct{ got, want string }{
		{terminal.Count(0, "check"), "0 checks"},
		{terminal.Count(1, "check"), "1 check"},
		{terminal.Count(2, "check"), "2 checks"},
		{terminal.List(nil), ""},
		{terminal.List([]string{"a"}), "a"},
		{terminal.List([]string{"a", "b"}), "a and b"},
		{terminal.List([]string{"a", "b", "c"}), "a, b and c"},
		{terminal.Names([]string{"a", "b"}), "a, b"},
		{terminal.Names(many), "a, a, a, a, a, a, a, a, a, a, a, a and 2 more"},
		{terminal.Capital("élan"), "Élan"},
		{terminal.Capital(""), ""},
		{terminal.Capital("\xff"), "\xff"},
		{terminal.Shorten("網網", 6), "網網"},
		{terminal.Shorten("網網", 5), "網…"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
}

func TestTable(t *testing.T) {
	table := &terminal.Table{Indent: 1, Most: 5}
	table.Row("größe", "ok", "x")
	table.Row("網", "much too long", "y")
	table.Row("a", "", "")
	want := " größe  ok  x\n 網     much too long  y\n a          \n"
	if diff := cmp.Diff(want, table.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestExcerpt(t *testing.T) {
	for name, test := range map[string]struct {
		line, part  string
		width       int
		text        string
		lead, under int
	}{
		"tab":        {"\tping = x", "ping", 0, "    ping = x", 4, 4},
		"tab within": {"ab\tping", "ping", 0, "ab  ping", 4, 4},
		"wide":       {`"網" == x`, "x", 0, `"網" == x`, 8, 1},
		"under wide": {`"網網" == x`, "網網", 0, `"網網" == x`, 1, 4},
		"emoji":      {"✔️ x", "x", 0, "✔️ x", 3, 1},
		"family":     {"👨\u200d👩\u200d👧\u200d👦 x", "x", 0, "👨\u200d👩\u200d👧\u200d👦 x", 3, 1},
		"hangul":     {"\u1112\u1161\u11ab x", "x", 0, "\u1112\u1161\u11ab x", 3, 1},
		"escape":     {"\x1b[1m x", "x", 0, `\x1b[1m x`, 8, 1},
		"shortened":  {strings.Repeat("a", 50) + "b" + strings.Repeat("c", 50), "b", 20, "…" + "aaaaaabccccccccccc…", 7, 1},
	} {
		from := strings.Index(test.line, test.part)
		text, lead, under := terminal.Excerpt([]byte(test.line), from, from+len(test.part), test.width)
		if text != test.text || lead != test.lead || under != test.under {
			t.Errorf("%s: %q, underlined %d behind %d; want %q, %d, %d", name, text, under, lead, test.text, test.lead, test.under)
		}
	}
}
