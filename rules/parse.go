package rules

import (
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// parseAll parses sources side by side, each native file in pieces, and sets
// their bodies. The JSON form needs the grammar to tell blocks from values.
func parseAll(sources []*source, root *BlockType) {
	pieces := make([][]piece, len(sources))
	sideBySide(len(sources), each(func(i int) hcl.Diagnostics {
		pieces[i] = sources[i].split(root)
		return nil
	}))
	type part struct {
		source *source
		piece
		body  *hclsyntax.Body
		diags hcl.Diagnostics
	}
	var parts []part
	for i, s := range sources {
		for _, p := range pieces[i] {
			parts = append(parts, part{source: s, piece: p})
		}
	}
	sideBySide(len(parts), each(func(i int) hcl.Diagnostics {
		p := &parts[i]
		p.body, p.diags = parsePiece(p.piece, p.source.name)
		return nil
	}))
	for i := range parts {
		parts[i].source.add(parts[i].body, parts[i].diags)
	}
	for _, s := range sources {
		if s.body == nil {
			s.body = &hclsyntax.Body{}
		}
	}
}

// split finds what is wrong with a file before it is parsed, and the pieces to
// parse of a native one. A JSON file is parsed.
func (s *source) split(root *BlockType) []piece {
	if d := checkText(s); d != nil {
		s.fail(d)
		return nil
	}
	if s.json {
		body, diags := parseJSON(s.src, s.name, root)
		s.add(body, diags)
		return nil
	}
	pieces, diags := scan(s.src, s.name, openingsOf(s.name))
	s.fail(diags...)
	return pieces
}

// fail notes errors of syntax.
func (s *source) fail(diags ...*hcl.Diagnostic) {
	s.diags = append(s.diags, diags...)
	s.broken = s.broken || hcl.Diagnostics(diags).HasErrors()
}

// add puts the body of a piece behind those before it.
func (s *source) add(body *hclsyntax.Body, diags hcl.Diagnostics) {
	s.fail(diags...)
	if s.body == nil {
		s.body = body
		return
	}
	s.body.Blocks = append(s.body.Blocks, body.Blocks...)
	if s.body.Attributes == nil {
		s.body.Attributes = body.Attributes
	}
	maps.Copy(s.body.Attributes, body.Attributes)
}

// parsePiece parses native text that scan has found fit for it.
func parsePiece(p piece, name string) (body *hclsyntax.Body, diags hcl.Diagnostics) {
	defer func() {
		if r := recover(); r != nil {
			rng := hcl.Range{Filename: name, Start: p.start, End: p.start}
			body = &hclsyntax.Body{}
			diags = append(diags, errorAt(rng, "Unreadable text", "What stands here can't be parsed: %s.", fmt.Sprint(r)))
		}
	}()
	f, diags := hclsyntax.ParseConfig(p.src, name, p.start)
	for _, d := range diags {
		d.Detail += foreignOperator(p, d.Subject)
	}
	return f.Body.(*hclsyntax.Body), diags
}

// ourOperators is how we write the operators of other languages that people try.
var ourOperators = map[string]string{"and": "&&", "AND": "&&", "or": "||", "OR": "||", "=": "==", "is": "=="}

// foreignOperator says how the operator at which parsing failed is written here,
// where it is one of another language.
func foreignOperator(p piece, at *hcl.Range) string {
	if at == nil || at.Start.Byte < p.start.Byte || at.End.Byte > p.start.Byte+len(p.src) {
		return ""
	}
	word := string(p.src[at.Start.Byte-p.start.Byte : at.End.Byte-p.start.Byte])
	if ours := ourOperators[word]; ours != "" {
		return fmt.Sprintf(" In an expression write %s in place of %s.", ours, word)
	}
	return ""
}

// openingsOf lists what a file of that name may hold at its top. Blocks of tests
// have within them what other files have there.
func openingsOf(name string) []opening {
	switch {
	case strings.HasSuffix(name, ".test.hcl"):
		return testFiles
	case strings.HasSuffix(name, ".mock.hcl"):
		return mockFiles
	}
	return otherFiles
}

var (
	testFiles  = openings(TestFile)
	mockFiles  = openings(MockFile)
	otherFiles = openings(CheckFile, SiteFile)
)

func openings(files ...*BlockType) []opening {
	var all []opening
	for _, file := range files {
		for _, b := range file.Blocks {
			all = append(all, opening{word: b.Name, labelled: len(b.Labels) > 0})
		}
	}
	return all
}
