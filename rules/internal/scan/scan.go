// Package scan looks through text before HCL parses it, in time proportional to its
// length: what does not close, nests too deep or has too many parts never reaches a
// parser that calls itself for each level.
package scan

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/internal/guard"
)

// Bounds within one file. HCL's parser and evaluators call themselves for each
// level, and a stack that overflows can't be recovered from; a template takes
// time by the square of its parts, a number by the square of its digits.
const (
	maxDepth         = 500
	maxTokens        = 4 << 20 // some 700 bytes each while parsing
	maxTemplateParts = 2000
	MaxTemplateBytes = 64 << 10
)

// File looks through a file before it is parsed, in time proportional to its
// length. It finds whatever does not close, close rightly or nests too deep,
// so that the parser is only given text whose brackets match, and cuts the
// file behind blocks into pieces that can be parsed one by one.
//
// It tells tokens apart exactly as far as that needs, the way HCL's own lexer
// does (hclsyntax/scan_tokens.rl; a fuzz test holds one against the other).
// Where it can't be exact it counts too much, never too little.
func File(src []byte, name string, blocks []Opening) ([]Piece, hcl.Diagnostics) {
	s := newScanner(ctxFile, src, name, hcl.InitialPos)
	s.blocks = blocks
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

// Blocks looks through a file up to its first error, and finds the blocks that
// begin with a word.
func Blocks(src []byte, name, word string) ([]Piece, *hcl.Diagnostic) {
	s := newScanner(ctxFile, src, name, hcl.InitialPos)
	s.noted = word
	if d := s.run(); d != nil {
		return nil, d
	}
	pieces := make([]Piece, len(s.headings))
	for i, h := range s.headings {
		if h.end == 0 {
			h.end = len(src)
		}
		pieces[i] = Piece{src[h.start.offset:h.end], hcl.Pos{Byte: h.start.offset, Line: h.start.line, Column: 1 + h.start.offset - h.start.lineStart}}
	}
	return pieces, nil
}

// Template looks through a template without quotes, such as a string of
// the JSON form, before it is parsed.
func Template(src []byte, name string, start hcl.Pos) *hcl.Diagnostic {
	return newScanner(ctxBare, src, name, start).run()
}

// Expression looks through an expression before it is parsed.
func Expression(src []byte, name string, start hcl.Pos) *hcl.Diagnostic {
	return newScanner(ctxExpression, src, name, start).run()
}

// An Opening is how a block of a file begins.
type Opening struct {
	Word     string
	Labelled bool
}

// A Piece is a part of a file that begins and ends between two blocks.
type Piece struct {
	Src   []byte
	Start hcl.Pos
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

// A heading is where a noted block stands; end is 0 where it is not closed.
type heading struct {
	start mark
	end   int
}

type scanner struct {
	src    []byte
	name   string
	start  hcl.Pos   // of src
	blocks []Opening // that the file may hold, to go on at behind an error
	noted  string    // blocks whose headings are noted
	at     mark
	stack  []ctx // never empty
	open   int   // the operators of all that is open, and one for each of it
	tokens int
	word   bool // the last token was a name or a number
	block  bool // the last token closed a block of the file

	item     mark // start of the last line outside of any block
	from     mark // start of the piece
	pieces   []Piece
	headings []heading
	diags    hcl.Diagnostics
}

func newScanner(whole ctxKind, src []byte, name string, start hcl.Pos) *scanner {
	s := &scanner{src: src, name: name, start: start, stack: make([]ctx, 1, 32)}
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
	case isLetter(c), isDigit(c), c >= utf8.RuneSelf:
		s.word = true
		return s.wordAt(c)
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
	case c == '#', c == '/' && (s.next(1) == '/' || s.next(1) == '*'):
		s.word, s.block = word, block
		return s.comment(c)
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

// wordAt scans a name, a number, or a run of letters beyond ASCII, which is a
// part of a name or nothing that the parser takes. Only a name that begins with
// an ASCII letter has a - in it: anywhere else it may be an operator.
func (s *scanner) wordAt(c byte) *hcl.Diagnostic {
	begin := s.at.offset
	i := begin
	in := func(c byte) bool { return c >= utf8.RuneSelf }
	switch {
	case isLetter(c):
		in = func(c byte) bool { return isLetter(c) || isDigit(c) || c == '-' }
	case isDigit(c):
		in = func(c byte) bool { return isLetter(c) || isDigit(c) || c == '.' }
	}
	for i < len(s.src) && in(s.src[i]) {
		if i++; i-begin > guard.MaxWordBytes {
			return s.errorHere("Name or number too long", "This is longer than %d bytes.", guard.MaxWordBytes)
		}
	}
	if isLetter(c) {
		s.firstWord(s.src[begin:i])
	}
	s.at.offset = i
	return nil
}

// comment scans a comment; the newline behind it is left.
func (s *scanner) comment(c byte) *hcl.Diagnostic {
	rest := s.src[s.at.offset:]
	if c == '/' && rest[1] == '*' {
		n := bytes.Index(rest[2:], []byte("*/"))
		if n < 0 {
			return s.errorHere("Unclosed comment", "This comment has no end: */ is missing.")
		}
		s.goTo(s.at.offset + 2 + n + 2)
		return nil
	}
	n := bytes.IndexByte(rest, '\n')
	if n < 0 {
		n = len(rest)
	}
	s.at.offset += n
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

// firstWord notes the for of { for … }, in which newlines separate nothing, and
// what can only be the start of a block that is noted.
func (s *scanner) firstWord(w []byte) {
	if len(s.stack) == 1 && s.noted != "" && string(w) == s.noted {
		s.headings = append(s.headings, heading{start: s.at})
	}
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
		s.pieces = append(s.pieces, Piece{s.src[s.from.offset:to.offset], hcl.Pos{Byte: s.from.offset, Line: s.from.line, Column: 1}})
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
		if n := len(s.headings); s.block && n > 0 && s.headings[n-1].end == 0 {
			s.headings[n-1].end = s.at.offset
		}
		return nil
	}
	sign := string(s.src[s.at.offset : s.at.offset+width])
	if len(s.stack) == 1 {
		return s.errorHere("Mismatched brackets", "This %s closes nothing.", sign)
	}
	d := s.errorHere("Mismatched brackets", "This %s can't close the %s of line %d, which is still open.", sign, s.opener(top), s.start.Line+top.at.line-1)
	d.Extra = diagnostic.Related{{Note: "opened here", Range: s.rangeOf(top.at, 1)}}
	return d
}

// UTF8BOM is what editors of Windows put before a text (RFC 3629, 6).
var UTF8BOM = []byte{0xef, 0xbb, 0xbf}
