package scan

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/internal/guard"
)

// JSON looks through JSON before it is parsed, as scan does through native
// text: the parser calls itself for each bracket.
func JSON(src []byte, name string, start hcl.Pos) *hcl.Diagnostic {
	s := newScanner(ctxFile, src, name, start)
	for s.at.offset < len(src) {
		s.tokens++
		var d *hcl.Diagnostic
		switch c := src[s.at.offset]; c {
		case ' ', '\t', '\r':
			s.tokens--
			s.at.offset++
		case '\n':
			s.tokens--
			s.nextLine()
		case '{':
			s.push(ctxBrace, 1)
		case '[':
			s.push(ctxBracket, 1)
		case '}':
			d = s.close(1, ctxBrace)
		case ']':
			d = s.close(1, ctxBracket)
		case '"':
			d = s.jsonString()
		default:
			d = s.jsonWord()
		}
		switch {
		case d != nil:
			return d
		case s.open+s.top().deep > maxDepth:
			return s.errorHere("Nested too deep", "What stands here is nested more than %d deep.", maxDepth)
		case s.tokens > maxTokens:
			return s.tooManyTokens()
		}
	}
	if len(s.stack) > 1 {
		return s.unclosed(s.top())
	}
	return nil
}

// jsonString scans a string.
func (s *scanner) jsonString() *hcl.Diagnostic {
	for i := s.at.offset + 1; i < len(s.src); i++ {
		switch s.src[i] {
		case '\\':
			i++
		case '\n':
			return s.errorHere("Unclosed string", "This string is not closed on its line. For a line break write \\n.")
		case '"':
			s.at.offset = i + 1
			return nil
		}
	}
	return s.errorHere("Unclosed string", "This string is never closed.")
}

// jsonWord scans a number, a keyword or a sign.
func (s *scanner) jsonWord() *hcl.Diagnostic {
	i := s.at.offset + 1
	for i < len(s.src) && (isLetter(s.src[i]) || isDigit(s.src[i]) || s.src[i] == '.') {
		i++
	}
	if i-s.at.offset > guard.MaxWordBytes {
		return s.errorHere("Name or number too long", "This number has more than %d digits.", guard.MaxWordBytes)
	}
	s.at.offset = i
	return nil
}
