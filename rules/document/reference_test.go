package document

import (
	"slices"
	"strings"
	"testing"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules/language"
)

func testLanguage() Language {
	l := Language{Version: "test", Kinds: probe.Kinds(), Exits: []Term{{"0", "Well."}}}
	for _, s := range engine.Statuses() {
		l.Statuses = append(l.Statuses, Term{string(s), s.Doc()})
	}
	return l
}

// TestReference looks for everything that the language has.
func TestReference(t *testing.T) {
	sections := map[string]string{} // ID: its own text
	for _, n := range Reference(testLanguage()).Body {
		collect(n, sections)
	}
	has := func(id, what string) {
		t.Helper()
		if text, ok := sections[id]; !ok {
			t.Errorf("there is no section %s", id)
		} else if !strings.Contains(text, what) {
			t.Errorf("section %s does not hold %q", id, what)
		}
	}
	var blocks func(b *language.BlockType, path string)
	blocks = func(b *language.BlockType, path string) {
		for _, n := range b.Blocks {
			id := path + "." + n.Name
			has(id, n.Doc)
			for i := range n.Attrs {
				has(id, "|"+n.Attrs[i].Name+"|")
				has(id, n.Attrs[i].Doc)
			}
			blocks(n, id)
		}
	}
	blocks(language.CheckFile, "block")
	blocks(language.SiteFile, "block")
	blocks(language.TestFile, "block")
	var attributes func(id, prefix string, attrs []language.Attribute)
	attributes = func(id, prefix string, attrs []language.Attribute) {
		for i := range attrs {
			a := &attrs[i]
			has(id, "|"+prefix+a.Name+"|")
			has(id, a.Doc)
			inner := prefix + a.Name
			if a.List {
				inner += "[*]"
			}
			attributes(id, inner+".", a.Attrs)
		}
	}
	for _, k := range probe.Kinds() {
		id := "probe." + k.Name
		has(id, k.Doc)
		has(id, k.TargetDoc)
		if !k.NeedsExec && (k.ByHand == "" || k.TargetOptional != (k.ByHandBare != "")) {
			t.Errorf("probe %s does not say how it is done by hand", k.Name)
		}
		for _, p := range placeholders.FindAllString(k.ByHand+k.ByHandBare, -1) {
			name := strings.Trim(p, "{}")
			if name != "target" && !slices.ContainsFunc(k.Args, func(a language.Attribute) bool { return a.Name == name }) {
				t.Errorf("by hand, probe %s takes %s, which it does not have", k.Name, p)
			}
		}
		attributes(id, "", k.Args)
		attributes(id, "", k.Result)
	}
	// What an attribute can be stands beside its type, unless it can be anything.
	for id, row := range map[string]string{
		"block.check.retry": "|attempts|an expression, number\na whole number from 1 to 1000\nneeded|",
		"block.check.cause": "|severity|an expression, string\n\"fail\" or \"warn\"|",
		"block.check":       "|timeout|an expression, string\nfrom 1ms to 24h|",
		"block.site.waive":  "|expires|a constant, string\na day such as \"2027-01-31\"|",
		"probe.ping":        "|count|number\na whole number from 1 to 1000|3|",
		"probe.neighbour":   "|wait|string\nfrom 0s to 1m|",
		"probe.smtp":        "|starttls|string\n\"off\", \"try\" or \"require\"|",
		"probe.tcp":         "|local_error|string\n\"no_route\", \"prohibited\", \"blackhole\", \"filtered\" or \"address_unavailable\"|yes|",
		"probe.exec":        "|stdout|string|",
		"probe.mtu":         "|largest|number\na whole number from 128 to 65535|",
	} {
		has(id, row)
	}
	has("probe.ping", "|received|number\nfrom 0 to count|no|")
	has("probe.ping", "|loss_pct|number\nfrom 0 to 100|no|")
	has("probe.ping", "|rtt_min_ms|number\nfrom 0|yes|")
	for _, f := range language.Functions() {
		has("functions", f.Signature())
		has("functions", f.Doc)
		has("functions", f.Example)
	}
	for _, r := range language.Roots() {
		has("expressions", "|"+string(r.Name)+"|")
	}
	for _, s := range []engine.Status{engine.Pass, engine.Warn, engine.Fail, engine.Error, engine.Blocked, engine.Skipped} {
		has("statuses", "|"+string(s)+"|")
	}
}

// collect gathers the text of each section, cells of tables between bars.
func collect(n Node, sections map[string]string) {
	s, ok := n.(*Section)
	if !ok {
		return
	}
	var b strings.Builder
	for _, n := range s.Body {
		switch n := n.(type) {
		case *Section:
			collect(n, sections)
		case *Paragraph:
			b.WriteString(n.Text.String() + "\n")
		case *Fields:
			for _, f := range n.Rows {
				for _, l := range f.Lines {
					b.WriteString(l.String() + "\n")
				}
			}
		case *Table:
			for _, r := range n.Rows {
				b.WriteByte('|')
				for _, c := range r.Cells {
					for _, l := range c {
						b.WriteString(l.String() + "\n")
					}
					b.WriteByte('|')
				}
			}
		}
	}
	// A cell ends with its last line.
	sections[s.ID] = strings.ReplaceAll(b.String(), "\n|", "|")
}
