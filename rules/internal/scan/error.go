package scan

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/diagnostic"
)

// skip goes on behind an error: what was complete before it is kept, and the
// next line that begins like a block begins a new piece.
func (s *scanner) skip() {
	s.cut(s.item)
	s.stack, s.open = s.stack[:1], 0
	s.stack[0] = ctx{}
	s.word, s.block = false, false
	for s.at.offset < len(s.src) && !(s.at.offset == s.at.lineStart && s.startsBlock()) {
		n := bytes.IndexByte(s.src[s.at.offset:], '\n')
		if n < 0 {
			s.at.offset = len(s.src)
			break
		}
		s.at.offset += n
		s.nextLine()
	}
	s.item, s.from = s.at, s.at
}

// startsBlock reports whether what comes next begins like a block of the file.
func (s *scanner) startsBlock() bool {
	text := s.src[s.at.offset:]
	for _, b := range s.blocks {
		rest, ok := bytes.CutPrefix(text, []byte(b.Word))
		if !ok {
			continue
		}
		rest = bytes.TrimLeft(rest, " \t")
		if len(rest) > 0 && (rest[0] == '"' || !b.Labelled && rest[0] == '{') {
			return true
		}
	}
	return false
}

func (s *scanner) errorHere(summary, format string, args ...any) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(format, args...), Subject: s.rangeOf(s.at, 1).Ptr()}
}

// rangeOf is the range of some bytes of a line, which are one column each.
func (s *scanner) rangeOf(m mark, width int) hcl.Range {
	line := bytes.TrimPrefix(s.src[m.lineStart:min(m.offset, len(s.src))], UTF8BOM)
	start := hcl.Pos{
		Byte:   s.start.Byte + m.offset,
		Line:   s.start.Line + m.line - 1,
		Column: 1 + utf8.RuneCount(line),
	}
	if m.line == 1 {
		start.Column += s.start.Column - 1
	}
	end := start
	end.Byte += width
	end.Column += width
	return hcl.Range{Filename: s.name, Start: start, End: end}
}

func (s *scanner) opener(c *ctx) string {
	switch c.kind {
	case ctxQuote:
		return `"`
	case ctxSequence:
		return string(s.src[c.at.offset : c.at.offset+2])
	case ctxHeredoc:
		return "<<" + string(c.marker)
	}
	return string(s.src[c.at.offset])
}

func (s *scanner) unclosed(c *ctx) *hcl.Diagnostic {
	rng := s.rangeOf(c.at, len(s.opener(c)))
	if c.kind == ctxHeredoc {
		return diagnostic.ErrorAt(rng, "Unclosed text", "This text has no end: a line with %s alone is missing.", c.marker)
	}
	return diagnostic.ErrorAt(rng, "Unclosed bracket", "This %s is never closed.", s.opener(c))
}
