package scan

import (
	"bytes"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// quoted scans a quoted template up to a sequence in it or its end.
func (s *scanner) quoted() *hcl.Diagnostic {
	for i := s.at.offset; i < len(s.src); i++ {
		switch c := s.src[i]; c {
		case '\\':
			if i+1 < len(s.src) && s.src[i+1] != '\n' {
				i++ // whatever it is, it closes nothing
			}
		case '"':
			if d := s.part(i); d != nil {
				return d
			}
			s.pop()
			s.at.offset++
			return nil
		case '$', '%':
			if d := s.part(i); d != nil {
				return d
			}
			s.dollar(c)
			return nil
		case '\n':
			if outer := &s.stack[len(s.stack)-2]; outer.kind == ctxSequence {
				return s.unclosed(outer) // and took the closing quote for an opening one
			}
			d := s.unclosed(s.top())
			d.Summary, d.Detail = "Unclosed string", `This string is not closed on its line. For text of several lines write \n, or a heredoc: <<EOT.`
			return d
		}
	}
	s.at.offset = len(s.src)
	return nil
}

// lines scans a template of several lines up to the end of one, or to a
// sequence in it.
func (s *scanner) lines() *hcl.Diagnostic {
	top := s.top()
	for i := s.at.offset; i < len(s.src); i++ {
		switch c := s.src[i]; c {
		case '\n':
			line := s.src[s.at.offset:i]
			if top.kind == ctxHeredoc && s.at.offset == s.at.lineStart && bytes.Equal(bytes.TrimSpace(line), top.marker) {
				s.pop()
				s.at.offset = i // the newline ends the attribute as well
				return nil
			}
			if d := s.part(i); d != nil {
				return d
			}
			s.nextLine()
			return nil
		case '$', '%':
			if d := s.part(i); d != nil {
				return d
			}
			s.dollar(c)
			return nil
		}
	}
	return s.part(len(s.src))
}

// part ends a literal part of a template.
func (s *scanner) part(end int) *hcl.Diagnostic {
	top := s.top()
	top.parts++
	s.at.offset = end
	if top.parts > maxTemplateParts {
		return s.errorHere("Text too long", "This text has more than %d lines and parts.", maxTemplateParts)
	}
	if end-top.at.offset > MaxTemplateBytes {
		return s.errorHere("Text too long", "This text is longer than %d KiB.", MaxTemplateBytes>>10)
	}
	return nil
}

// dollar scans a $ or % in a template: a sequence, an escaped one, or itself.
func (s *scanner) dollar(c byte) {
	s.top().parts++
	switch {
	case s.next(1) == '{':
		if c == '%' {
			s.operator(0) // directives nest without brackets
		}
		s.push(ctxSequence, 2)
		if s.next(0) == '~' {
			s.at.offset++
		}
		s.word = false
	case s.next(1) == c && s.next(2) == '{':
		s.at.offset += 3
	default:
		s.at.offset++
	}
}

// openHeredoc scans <<MARKER and the end of its line.
func (s *scanner) openHeredoc() *hcl.Diagnostic {
	i := s.at.offset + 2
	if i < len(s.src) && s.src[i] == '-' {
		i++
	}
	j := i
	for j < len(s.src) && (isLetter(s.src[j]) || j > i && (isDigit(s.src[j]) || s.src[j] == '-')) {
		j++
	}
	end := j
	if end < len(s.src) && s.src[end] == '\r' {
		end++
	}
	switch {
	case j > i && end < len(s.src) && s.src[end] == '\n':
		marker := s.src[i:j]
		s.push(ctxHeredoc, 0)
		s.top().marker = marker
		s.goTo(end + 1)
		return nil
	case j > i, j < len(s.src) && s.src[j] >= utf8.RuneSelf:
		return s.errorHere("Invalid heredoc", "A text of several lines begins with << and a word of letters, digits, - and _, and nothing may follow on that line.")
	}
	s.operator(1)
	return nil
}
