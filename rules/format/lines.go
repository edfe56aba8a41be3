package format

import (
	"bytes"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// A line is one line of a file and what blank lines beside it depend on.
type line struct {
	text []byte // with its end
	// inside: it begins within a heredoc or a comment.
	inside bool
	// first and last are its tokens, comments not counted; TokenNil: none.
	first, last hclsyntax.TokenType
	// comment: nothing else begins in it.
	comment bool
	// lead: a top-level block begins here, or the comment above it.
	lead bool
	// end: a top-level block ends here.
	end bool
}

func (l *line) blank() bool { return !l.inside && len(bytes.TrimSpace(l.text)) == 0 }

// spaceLines puts one blank line where there are several or where one belongs,
// and none where it does not.
func spaceLines(body *hclsyntax.Body, tokens hclsyntax.Tokens, src []byte) []byte {
	lines := newLines(body, tokens, src)
	out := make([]byte, 0, len(src)+len(src)/64)
	var above *line // the last that was not blank
	blank := false  // one was in between
	for i := range lines {
		l := &lines[i]
		if l.blank() {
			blank = true
			continue
		}
		if above != nil && !l.inside && blankBetween(above, l, blank) {
			out = append(out, lineEnd(above.text)...)
		}
		out = append(out, l.text...)
		above, blank = l, false
	}
	return out
}

// blankBetween reports whether a blank line belongs between two lines.
func blankBetween(above, below *line, blank bool) bool {
	switch {
	case above.end || below.lead:
		return true
	case opens(above.last) || closes(below.first):
		return false
	}
	return blank
}

func lineEnd(text []byte) []byte {
	if bytes.HasSuffix(text, []byte("\r\n")) {
		return text[len(text)-2:]
	}
	return text[len(text)-1:]
}

func opens(t hclsyntax.TokenType) bool {
	return t == hclsyntax.TokenOBrace || t == hclsyntax.TokenOBrack || t == hclsyntax.TokenOParen
}

func closes(t hclsyntax.TokenType) bool {
	return t == hclsyntax.TokenCBrace || t == hclsyntax.TokenCBrack || t == hclsyntax.TokenCParen
}

// newLines takes a text that ends with a newline apart. White space behind the
// last newline is no line.
func newLines(body *hclsyntax.Body, tokens hclsyntax.Tokens, src []byte) []line {
	lines := make([]line, 0, bytes.Count(src, []byte{'\n'}))
	for text := range bytes.Lines(src) {
		if text[len(text)-1] == '\n' {
			lines = append(lines, line{text: text, first: hclsyntax.TokenNil, last: hclsyntax.TokenNil})
		}
	}
	markTokens(lines, tokens)
	for _, b := range body.Blocks {
		lines[b.CloseBraceRange.End.Line-1].end = true
		lead := b.TypeRange.Start.Line - 1
		for lead > 0 && (lines[lead].inside || lines[lead-1].comment) {
			lead--
		}
		lines[lead].lead = true
	}
	return lines
}

func markTokens(lines []line, tokens hclsyntax.Tokens) {
	heredoc := 0 // index of the line with the outermost <<
	depth := 0   // of heredocs
	for _, t := range tokens {
		at := t.Range.Start.Line - 1
		if at >= len(lines) {
			return
		}
		l := &lines[at]
		switch t.Type {
		case hclsyntax.TokenNewline, hclsyntax.TokenEOF:
			continue
		case hclsyntax.TokenComment:
			through := t.Range.End.Line - 1
			if t.Range.End.Column == 1 {
				through-- // it holds the newline
			}
			for i := at; i <= through; i++ {
				lines[i].inside = lines[i].inside || i > at
				lines[i].comment = lines[i].first == hclsyntax.TokenNil
			}
			continue
		case hclsyntax.TokenOHeredoc:
			if depth == 0 {
				heredoc = at
			}
			depth++
		case hclsyntax.TokenCHeredoc:
			if depth--; depth == 0 {
				for i := heredoc + 1; i <= t.Range.End.Line-1; i++ {
					lines[i].inside = true
				}
			}
		}
		l.comment = false
		if l.first == hclsyntax.TokenNil {
			l.first = t.Type
		}
		l.last = t.Type
	}
}
