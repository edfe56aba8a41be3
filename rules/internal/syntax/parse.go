package syntax

import (
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/internal/parallel"
	"github.com/linecheck/linecheck/rules/internal/scan"
	"github.com/linecheck/linecheck/rules/language"
)

// ParseAll parses sources side by side, each native file in pieces, and sets
// their bodies. The JSON form needs the grammar to tell blocks from values.
func ParseAll(sources []*Source, root *language.BlockType) {
	pieces := make([][]scan.Piece, len(sources))
	parallel.Run(len(sources), parallel.Each(func(i int) hcl.Diagnostics {
		pieces[i] = sources[i].split(root)
		return nil
	}))
	type part struct {
		source *Source
		scan.Piece
		body  *hclsyntax.Body
		diags hcl.Diagnostics
	}
	var parts []part
	for i, s := range sources {
		for _, p := range pieces[i] {
			parts = append(parts, part{source: s, Piece: p})
		}
	}
	parallel.Run(len(parts), parallel.Each(func(i int) hcl.Diagnostics {
		p := &parts[i]
		p.body, p.diags = ParsePiece(p.Piece, p.source.Name)
		return nil
	}))
	for i := range parts {
		parts[i].source.add(parts[i].body, parts[i].diags)
	}
	for _, s := range sources {
		if s.Body == nil {
			s.Body = &hclsyntax.Body{}
		}
	}
}

// split finds what is wrong with a file before it is parsed, and the pieces to
// parse of a native one. A JSON file is parsed.
func (s *Source) split(root *language.BlockType) []scan.Piece {
	if d := scan.Text(s.Src, s.Name, s.json); d != nil {
		s.fail(d)
		return nil
	}
	if s.json {
		body, diags := parseJSON(s.Src, s.Name, root)
		s.add(body, diags)
		return nil
	}
	pieces, diags := scan.File(s.Src, s.Name, OpeningsOf(s.Name))
	s.fail(diags...)
	return pieces
}

// fail notes errors of syntax.
func (s *Source) fail(diags ...*hcl.Diagnostic) {
	s.Diags = append(s.Diags, diags...)
	s.Broken = s.Broken || hcl.Diagnostics(diags).HasErrors()
}

// add puts the body of a piece behind those before it.
func (s *Source) add(body *hclsyntax.Body, diags hcl.Diagnostics) {
	s.fail(diags...)
	if s.Body == nil {
		s.Body = body
		return
	}
	s.Body.Blocks = append(s.Body.Blocks, body.Blocks...)
	if s.Body.Attributes == nil {
		s.Body.Attributes = body.Attributes
	}
	maps.Copy(s.Body.Attributes, body.Attributes)
}

// ParsePiece parses native text that scan has found fit for it.
func ParsePiece(p scan.Piece, name string) (body *hclsyntax.Body, diags hcl.Diagnostics) {
	defer func() {
		if r := recover(); r != nil {
			rng := hcl.Range{Filename: name, Start: p.Start, End: p.Start}
			body = &hclsyntax.Body{}
			diags = append(diags, diagnostic.ErrorAt(rng, "language.Unreadable text", "What stands here can't be parsed: %s.", fmt.Sprint(r)))
		}
	}()
	f, diags := hclsyntax.ParseConfig(p.Src, name, p.Start)
	for _, d := range diags {
		d.Detail += foreignOperator(p, d.Subject)
	}
	return f.Body.(*hclsyntax.Body), diags
}

// ourOperators is how we write the operators of other languages that people try.
var ourOperators = map[string]string{"and": "&&", "AND": "&&", "or": "||", "OR": "||", "=": "==", "is": "=="}

// foreignOperator says how the operator at which parsing failed is written here,
// where it is one of another language.
func foreignOperator(p scan.Piece, at *hcl.Range) string {
	if at == nil || at.Start.Byte < p.Start.Byte || at.End.Byte > p.Start.Byte+len(p.Src) {
		return ""
	}
	word := string(p.Src[at.Start.Byte-p.Start.Byte : at.End.Byte-p.Start.Byte])
	if ours := ourOperators[word]; ours != "" {
		return fmt.Sprintf(" In an expression write %s in place of %s.", ours, word)
	}
	return ""
}

// OpeningsOf lists what a file of that name may hold at its top. Blocks of tests
// have within them what other files have there.
func OpeningsOf(name string) []scan.Opening {
	switch {
	case strings.HasSuffix(name, ".test.hcl"):
		return testFiles
	case strings.HasSuffix(name, ".mock.hcl"):
		return mockFiles
	}
	return otherFiles
}

var (
	testFiles  = openings(language.TestFile)
	mockFiles  = openings(language.MockFile)
	otherFiles = openings(language.CheckFile, language.SiteFile)
)

func openings(files ...*language.BlockType) []scan.Opening {
	var all []scan.Opening
	for _, file := range files {
		for _, b := range file.Blocks {
			all = append(all, scan.Opening{Word: b.Name, Labelled: len(b.Labels) > 0})
		}
	}
	return all
}
