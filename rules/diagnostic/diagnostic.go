// Package diagnostic makes hcl.Diagnostics ([Error], [ErrorAt], [DidYouMean]), puts
// them in order ([Sort], [AppendNew]) and writes them: [Text] for a person, [JSON]
// for a program. Both quote the files that the diagnostics speak of and are pure
// functions of what they are handed.
//
// The JSON keeps Terraform's published shape (terraform validate -json, format
// version 1.0). The text may change at any time.
package diagnostic

import (
	"bytes"
	"sort"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// A library hands out the files that diagnostics quote, each indexed when it is
// first asked for: a file of many megabytes may be quoted a hundred times.
type library struct {
	files   map[string][]byte
	indexed map[string]*source
}

func newLibrary(files map[string][]byte) *library {
	return &library{files: files, indexed: map[string]*source{}}
}

// source is the file of that name, nil if there is none.
func (l *library) source(name string) *source {
	if s, ok := l.indexed[name]; ok {
		return s
	}
	var s *source
	if src, ok := l.files[name]; ok {
		s = newSource(src)
	}
	l.indexed[name] = s
	return s
}

// A source is a file, where its lines begin, and which of them may begin or end
// a top-level block: fmt puts nothing else into the first column.
type source struct {
	src   []byte
	lines []int // offset of each line's first byte
	edges []int // indexes of lines that begin with a name or }
}

// bytesPerLine is how long a line is likely to be.
const bytesPerLine = 32

func newSource(src []byte) *source {
	s := &source{src: src, lines: make([]int, 0, len(src)/bytesPerLine+1)}
	for offset := 0; ; {
		if offset < len(src) && (src[offset] == '}' || src[offset] >= 'a' && src[offset] <= 'z') {
			s.edges = append(s.edges, len(s.lines))
		}
		s.lines = append(s.lines, offset)
		n := bytes.IndexByte(src[offset:], '\n')
		if n < 0 {
			return s
		}
		offset += n + 1
	}
}

// lineAt is the index of the line with the byte at an offset.
func (s *source) lineAt(offset int) int {
	return sort.Search(len(s.lines), func(i int) bool { return s.lines[i] > offset }) - 1
}

// line is the text of a line without its end.
func (s *source) line(i int) []byte {
	end := len(s.src)
	if i+1 < len(s.lines) {
		end = s.lines[i+1] - 1
	}
	return bytes.TrimSuffix(s.src[s.lines[i]:end], []byte{'\r'})
}

// clamp is a range as offsets that the file has, of at least one byte where
// that exists.
func (s *source) clamp(rng hcl.Range) (from, to int) {
	from = min(max(rng.Start.Byte, 0), len(s.src))
	to = min(max(rng.End.Byte, from), len(s.src))
	if from == to && to < len(s.src) && s.src[to] != '\n' && s.src[to] != '\r' {
		_, n := utf8.DecodeRune(s.src[to:])
		to += n
	}
	return from, to
}

// block is the heading of the top-level block around an offset, as it is
// written: check "smtp".
func (s *source) block(offset int) string {
	at := s.lineAt(offset)
	n := sort.SearchInts(s.edges, at+1)
	if n > 0 && s.edges[n-1] == at && s.src[s.lines[at]] == '}' {
		n-- // the end of a block belongs to it
	}
	if n == 0 {
		return ""
	}
	heading, _, ok := bytes.Cut(s.line(s.edges[n-1]), []byte{'{'})
	if !ok || bytes.ContainsAny(heading, "=#/") || len(heading) > maxHeading {
		return ""
	}
	return string(bytes.TrimSpace(heading))
}

// maxHeading bounds the heading of a block that is quoted, in bytes.
const maxHeading = 120
