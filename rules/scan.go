package rules

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// Bounds within one file. HCL's parser and evaluators call themselves for each
// level, and a stack that overflows can't be recovered from; a template takes
// time by the square of its parts, a number by the square of its digits.
const (
	maxDepth         = 500
	maxTokens        = 4 << 20 // some 700 bytes each while parsing
	maxTemplateParts = 2000
	maxTemplateBytes = 64 << 10
	maxWordBytes     = 400 // of a name or number; more than any float64 written out
)

// scan looks through a file before it is parsed, in time proportional to its
// length. It finds whatever does not close, close rightly or nests too deep,
// so that the parser is only given text whose brackets match, and cuts the
// file behind blocks into pieces that can be parsed one by one.
//
// It tells tokens apart exactly as far as that needs, the way HCL's own lexer
// does (hclsyntax/scan_tokens.rl; a fuzz test holds one against the other).
// Where it can't be exact it counts too much, never too little.
func scan(src []byte, name string) ([]piece, hcl.Diagnostics) {
	s := newScanner(ctxFile, src, name, hcl.InitialPos)
	for s.at.offset < len(s.src) {
		if d := s.run(); d != nil {
			s.diags = append(s.diags, d)
			s.skip()
		}
	}
	s.cut(s.at)
	if s.tokens > maxTokens {
		return nil, s.diags
	}
	return s.pieces, s.diags
}

// scanTemplate looks through a template without quotes, such as a string of
// the JSON form, before it is parsed.
func scanTemplate(src []byte, name string, start hcl.Pos) *hcl.Diagnostic {
	return newScanner(ctxBare, src, name, start).run()
}

// scanExpression looks through an expression before it is parsed.
func scanExpression(src []byte, name string, start hcl.Pos) *hcl.Diagnostic {
	return newScanner(ctxExpression, src, name, start).run()
}

// A piece is a part of a file that begins and ends between two blocks.
type piece struct {
	src   []byte
	start hcl.Pos
}

// pieceBytes is the size from which a piece is complete. Its tokens take fifty
// times as much: small pieces stay in a processor's cache, and the slice that
// HCL collects tokens in does not grow long. (2 KiB takes 15 % less processor
// time than 24 KiB, and 600 bytes no less than 2 KiB.)
const pieceBytes = 2 << 10

type ctxKind byte

const (
	ctxFile       ctxKind = iota
	ctxBrace              // a block's body or an object
	ctxFor                // an object's braces that begin with for
	ctxParen              // ( )
	ctxBracket            // [ ]
	ctxSequence           // ${ } or %{ }
	ctxQuote              // " "
	ctxHeredoc            // <<MARKER
	ctxBare               // a template without quotes, as a whole
	ctxExpression         // an expression as a whole
)

// A ctx is something that was opened.
type ctx struct {
	kind ctxKind
	at   mark
	// The height of the expression tree in it is at most ops, the operators
	// since the last separator, and deep, the highest of what was closed since
	// then; peak is the highest before.
	ops, deep, peak int
	begun           bool   // of a brace: something stands in it
	parts           int    // of a template
	marker          []byte // of a heredoc
}

// A mark is a place in the file.
type mark struct{ offset, line, lineStart int }

type scanner struct {
	src    []byte
	name   string
	start  hcl.Pos      // of src
	files  []*BlockType // that it may be
	at     mark
	stack  []ctx // never empty
	open   int   // the operators of all that is open, and one for each of it
	tokens int
	word   bool // the last token was a name or a number
	block  bool // the last token closed a block of the file

	item   mark // start of the last line outside of any block
	from   mark // start of the piece
	pieces []piece
	diags  hcl.Diagnostics
}

func newScanner(whole ctxKind, src []byte, name string, start hcl.Pos) *scanner {
	s := &scanner{src: src, name: name, start: start, files: grammarsOf(name), stack: make([]ctx, 1, 32)}
	s.stack[0].kind = whole
	s.at.line = 1
	s.item, s.from = s.at, s.at
	return s
}

func (s *scanner) top() *ctx { return &s.stack[len(s.stack)-1] }

// run scans to the end or to the first error.
func (s *scanner) run() *hcl.Diagnostic {
	for s.at.offset < len(s.src) {
		var d *hcl.Diagnostic
		switch s.top().kind {
		case ctxQuote:
			d = s.quoted()
		case ctxHeredoc, ctxBare:
			d = s.lines()
		default:
			d = s.token()
		}
		s.tokens++
		switch {
		case d != nil:
			return d
		case s.open+s.top().deep > maxDepth:
			return s.errorHere("Nested too deep", "What stands here is nested more than %d deep, counting brackets, blocks, templates and the operators of one expression. Split it, with locals for example.", maxDepth)
		case s.tokens > maxTokens:
			return s.tooManyTokens()
		}
	}
	if len(s.stack) > 1 {
		return s.unclosed(s.top())
	}
	return nil
}

// tooManyTokens is an error that ends the scan.
func (s *scanner) tooManyTokens() *hcl.Diagnostic {
	d := s.errorHere("File too big", "This file holds more than %d million words and signs. Split it: all files of a folder are one runbook.", maxTokens>>20)
	s.goTo(len(s.src))
	return d
}

// token scans one token outside of any template.
func (s *scanner) token() *hcl.Diagnostic {
	src, i := s.src, s.at.offset
	c := src[i]
	word, block := s.word, s.block
	s.word, s.block = false, false
	switch {
	case c == ' ' || c == '\t' || c == '\r':
		s.word, s.block = word, block
		for i < len(src) && (src[i] == ' ' || src[i] == '\t' || src[i] == '\r') {
			i++
		}
		s.at.offset = i
	case c == '\n':
		s.block = block
		return s.newline()
	case isLetter(c):
		for i < len(src) && (isLetter(src[i]) || isDigit(src[i]) || src[i] == '-') {
			i++
		}
		if i-s.at.offset > maxWordBytes {
			return s.errorHere("Name too long", "This name is longer than %d bytes.", maxWordBytes)
		}
		s.firstWord(src[s.at.offset:i])
		s.at.offset, s.word = i, true
	case isDigit(c):
		// No - in it: what follows an exponent may be an operator.
		for i < len(src) && (isLetter(src[i]) || isDigit(src[i]) || src[i] == '.') {
			i++
		}
		if i-s.at.offset > maxWordBytes {
			return s.errorHere("Number too long", "This number has more than %d digits.", maxWordBytes)
		}
		s.at.offset, s.word = i, true
	case c >= utf8.RuneSelf:
		// A letter of a name, or nothing that the parser takes.
		for i < len(src) && src[i] >= utf8.RuneSelf && i-s.at.offset <= maxWordBytes {
			i++
		}
		if i-s.at.offset > maxWordBytes {
			return s.errorHere("Name too long", "This name is longer than %d bytes.", maxWordBytes)
		}
		s.at.offset, s.word = i, true
	case c == '"':
		s.push(ctxQuote, 1)
	case c == '{':
		s.push(ctxBrace, 1)
	case c == '(':
		s.push(ctxParen, 1)
	case c == '[':
		s.operator(0) // an index lies on what it is taken of
		s.push(ctxBracket, 1)
	case c == '}':
		return s.close(1, ctxBrace, ctxFor, ctxSequence)
	case c == '~' && s.next(1) == '}':
		return s.close(2, ctxSequence)
	case c == ')':
		return s.close(1, ctxParen)
	case c == ']':
		return s.close(1, ctxBracket)
	case c == ',':
		s.separate()
		s.at.offset++
	case c == '#', c == '/' && s.next(1) == '/':
		s.word, s.block = word, block
		if n := bytes.IndexByte(src[i:], '\n'); n >= 0 {
			s.at.offset += n
		} else {
			s.at.offset = len(src)
		}
	case c == '/' && s.next(1) == '*':
		s.word, s.block = word, block
		n := bytes.Index(src[i+2:], []byte("*/"))
		if n < 0 {
			return s.errorHere("Unclosed comment", "This comment has no end: */ is missing.")
		}
		s.goTo(i + 2 + n + 2)
	case c == '<' && s.next(1) == '<':
		return s.openHeredoc()
	case c == '.' && word && s.next(1) != '*':
		s.at.offset++ // a.b.c is one reference; behind anything else a dot lies on it
	case s.next(1) == '=' && (c == '=' || c == '!' || c == '<' || c == '>'),
		c == '=' && s.next(1) == '>', c == '&' && s.next(1) == '&', c == '|' && s.next(1) == '|':
		s.operator(2)
	default:
		s.operator(1)
	}
	return nil
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

// next is the byte n behind the current one; 0 at the end.
func (s *scanner) next(n int) byte {
	if s.at.offset+n < len(s.src) {
		return s.src[s.at.offset+n]
	}
	return 0
}

// firstWord notes the for of { for … }, in which newlines separate nothing.
func (s *scanner) firstWord(w []byte) {
	if top := s.top(); top.kind == ctxBrace && !top.begun {
		top.begun = true
		if string(w) == "for" {
			top.kind = ctxFor
		}
	}
}

func (s *scanner) push(k ctxKind, width int) {
	s.top().begun = true
	s.stack = append(s.stack, ctx{kind: k, at: s.at})
	s.open++
	s.at.offset += width
}

func (s *scanner) operator(width int) {
	s.top().ops++
	s.open++
	s.at.offset += width
}

// separate ends an element: what follows does not lie on what came before.
func (s *scanner) separate() {
	top := s.top()
	top.peak = max(top.peak, top.ops+top.deep)
	s.open -= top.ops
	top.ops, top.deep = 0, 0
}

// newline ends a line outside of any template.
func (s *scanner) newline() *hcl.Diagnostic {
	s.nextLine()
	switch s.top().kind {
	case ctxFile:
		s.separate()
		s.item = s.at
		if s.block && s.at.offset-s.from.offset >= pieceBytes && s.cutsHere() {
			s.cut(s.at)
		}
	case ctxBrace:
		s.separate()
		if s.startsBlock() {
			// Blocks of the file stand in no other, and this one is at the margin.
			return s.unclosed(&s.stack[1])
		}
	}
	return nil
}

// nextLine steps over a newline.
func (s *scanner) nextLine() {
	s.at.offset++
	s.at.line++
	s.at.lineStart = s.at.offset
}

// cutsHere reports whether what comes next begins something of its own.
func (s *scanner) cutsHere() bool {
	c := s.next(0)
	return isLetter(c) || c == '\n' || c == '\r' || c == '#'
}

func (s *scanner) cut(to mark) {
	if to.offset > s.from.offset {
		s.pieces = append(s.pieces, piece{s.src[s.from.offset:to.offset], hcl.Pos{Byte: s.from.offset, Line: s.from.line, Column: 1}})
	}
	s.from = to
}

// goTo goes on to an offset and counts the lines between.
func (s *scanner) goTo(offset int) {
	part := s.src[s.at.offset:offset]
	if n := bytes.Count(part, []byte{'\n'}); n > 0 {
		s.at.line += n
		s.at.lineStart = s.at.offset + bytes.LastIndexByte(part, '\n') + 1
	}
	s.at.offset = offset
}

// pop ends what is open and gives its height to what encloses it.
func (s *scanner) pop() {
	c := s.stack[len(s.stack)-1]
	s.stack = s.stack[:len(s.stack)-1]
	s.open -= c.ops + 1
	top := s.top()
	top.deep = max(top.deep, c.peak+1, c.ops+c.deep+1)
}

func (s *scanner) close(width int, kinds ...ctxKind) *hcl.Diagnostic {
	top := s.top()
	if slices.Contains(kinds, top.kind) {
		s.block = len(s.stack) == 2 && top.kind == ctxBrace
		s.pop()
		s.at.offset += width
		return nil
	}
	sign := string(s.src[s.at.offset : s.at.offset+width])
	if len(s.stack) == 1 {
		return s.errorHere("Mismatched brackets", "This %s closes nothing.", sign)
	}
	d := s.errorHere("Mismatched brackets", "This %s can't close the %s of line %d, which is still open.", sign, s.opener(top), s.start.Line+top.at.line-1)
	d.Extra = Related{{Note: "opened here", Range: s.rangeOf(top.at, 1)}}
	return d
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
		return errorAt(rng, "Unclosed text", "This text has no end: a line with %s alone is missing.", c.marker)
	}
	return errorAt(rng, "Unclosed bracket", "This %s is never closed.", s.opener(c))
}

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
	if end-top.at.offset > maxTemplateBytes {
		return s.errorHere("Text too long", "This text is longer than %d KiB.", maxTemplateBytes>>10)
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
	for _, file := range s.files {
		for _, b := range file.Blocks {
			rest, ok := bytes.CutPrefix(text, []byte(b.Name))
			if !ok {
				continue
			}
			rest = bytes.TrimLeft(rest, " \t")
			if len(rest) > 0 && (rest[0] == '"' || len(b.Labels) == 0 && rest[0] == '{') {
				return true
			}
		}
	}
	return false
}

// grammarsOf lists what a file of that name may be. Blocks of tests have within
// them what other files have at the top.
func grammarsOf(name string) []*BlockType {
	switch {
	case strings.HasSuffix(name, ".test.hcl"):
		return testFiles
	case strings.HasSuffix(name, ".mock.hcl"):
		return mockFiles
	}
	return otherFiles
}

var (
	testFiles  = []*BlockType{testFile}
	mockFiles  = []*BlockType{mockFile}
	otherFiles = []*BlockType{checkFile, siteFile}
)

func (s *scanner) errorHere(summary, format string, args ...any) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(format, args...), Subject: s.rangeOf(s.at, 1).Ptr()}
}

// rangeOf is the range of some bytes of a line, which are one column each.
func (s *scanner) rangeOf(m mark, width int) hcl.Range {
	line := bytes.TrimPrefix(s.src[m.lineStart:min(m.offset, len(s.src))], utf8BOM)
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
