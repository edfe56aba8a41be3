package document

import (
	"bytes"
	"strings"
	"testing"

	"github.com/linecheck/linecheck/rules/terminal"
)

// TestTerminal holds everything that can be explained to the width that it is
// given, with colour and without.
func TestTerminal(t *testing.T) {
	rb := shipped(t)
	d := describe(t, rb, nil)
	for _, address := range d.Addresses() {
		for _, look := range []TerminalOptions{{Width: 60}, {Width: 100, Colour: true}, {ASCII: true}} {
			a, _, found := d.Explain(address)
			if !found {
				t.Fatalf("%s is listed and not found", address)
			}
			var b bytes.Buffer
			if err := Terminal(&b, a, look); err != nil {
				t.Fatal(err)
			}
			text := b.String()
			if escapes := strings.Contains(text, "\x1b["); escapes != look.Colour {
				t.Errorf("%s: escape sequences: %v, want %v", address, escapes, look.Colour)
			}
			if look.Colour {
				continue
			}
			width := look.Width
			if width == 0 {
				width = terminal.DefaultWidth
			}
			for line := range strings.Lines(text) {
				line = strings.TrimSuffix(line, "\n")
				// A word that is longer than the line can't be cut.
				if terminal.Width(line) > width && strings.Contains(strings.TrimSpace(line), " ") && len(strings.Fields(line)) > 2 {
					t.Errorf("%s: %d columns: %s", address, terminal.Width(line), line)
				}
				if strings.TrimRight(line, " ") != line {
					t.Errorf("%s: spaces at the end of %q", address, line)
				}
				if look.ASCII && strings.ContainsFunc(line, func(r rune) bool { return r > 0x7e }) {
					t.Errorf("%s: beyond ASCII: %s", address, line)
				}
			}
		}
	}
}

// twice is a label that stands twice among the same fields of an article.
func twice(a *Article) string {
	seen := map[string]bool{}
	for _, n := range a.Body {
		if f, ok := n.(*Fields); ok {
			clear(seen)
			for _, r := range f.Rows {
				if seen[r.Label] {
					return r.Label
				}
				seen[r.Label] = true
			}
		}
	}
	return ""
}

// TestExplain finds everything by its address, and nothing else.
func TestExplain(t *testing.T) {
	rb := load(t, everything)
	d := describe(t, rb, bind(t, rb, "main", map[string]map[string]string{"gateway": {"host": "192.0.2.1"}, "host": {"host": "192.0.2.2"}}))
	for address, want := range map[string]string{
		"last":               "check.last from host",
		"check.side":         `check.side["web"] from gateway`,
		`check.side["mail"]`: `check.side["mail"] from host`,
		"fact.way":           "192.0.2.2",
		"var.host":           "Value at gateway  192.0.2.1",
		"var.secret":         "(sensitive)",
		"local.ports":        "mail = 25",
		"probe.smtp":         "EHLO",
		"coalesce":           "coalesce(vals any...)",
		"way":                "fact.way",
		"ping":               "probe ping",
	} {
		a, _, found := d.Explain(address)
		if !found {
			t.Errorf("%s is not found", address)
			continue
		}
		var b bytes.Buffer
		if err := Terminal(&b, a, TerminalOptions{}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s does not hold %q:\n%s", address, want, b.String())
		}
		if label := twice(a); label != "" {
			t.Errorf("%s says %q twice:\n%s", address, label, b.String())
		}
		if strings.Contains(b.String(), "hunter2") {
			t.Errorf("%s shows the value of a sensitive variable", address)
		}
	}
	for address, want := range map[string]string{"frist": ` Did you mean "first"?`, "fact.wya": ` Did you mean "fact.way"?`, "zzzzzz": "", "check.side[\"x\"]": ""} {
		if _, suggestion, found := d.Explain(address); found || want != "" && suggestion != want {
			t.Errorf("%s: found %v, suggestion %q", address, found, suggestion)
		}
	}
}
