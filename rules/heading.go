package rules

import (
	"bytes"
	"encoding/json"
	"io/fs"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

const (
	// maxHeadingBytes is more than anybody writes into a runbook block.
	maxHeadingBytes = 64 << 10
	// maxHeadingFiles is of the files in which the block may stand, together:
	// looking through the JSON form takes some 20 ms for each MiB.
	maxHeadingFiles = 4 << 20
)

// Heading reads the runbook block of a folder, as override files change it,
// and nothing else: the Runbook has a name, a version and what else that block
// says. It agrees with what [Load] reads of the same folder. The other blocks
// are passed over, so that it takes little memory whatever they hold, and are
// not proved.
func Heading(fsys fs.FS) (*Runbook, hcl.Diagnostics) {
	rb := &Runbook{Files: map[string][]byte{}}
	sources, diags := readFolder(Overlay{FS: fsys}, new(int))
	left := maxHeadingFiles
	for _, s := range sources {
		rb.Files[s.name] = s.src
		if s.mayNameRunbook() {
			if left -= len(s.src); left < 0 {
				diags = append(diags, wholeError("Runbook too big", "The files that name a runbook hold more than %d MiB together. Put the runbook block into a file of its own.", maxHeadingFiles>>20))
				break
			}
			s.parseHeading()
		}
		if s.body == nil {
			s.body = &hclsyntax.Body{}
		}
		diags = append(diags, s.diags...)
	}
	if diags.HasErrors() {
		return rb, sortDiagnostics(diags, sources)
	}
	blocks, more := layOver(sources, checkFile)
	diags = append(diags, more...)
	diags = append(diags, decodeRunbook(rb, blocks)...)
	return rb, sortDiagnostics(diags, sources)
}

// mayNameRunbook reports whether a runbook block can stand in a file. Only JSON
// has escapes for names.
func (s *source) mayNameRunbook() bool {
	return bytes.Contains(s.src, []byte(runbookBlock.Name)) || s.json && bytes.Contains(s.src, []byte(`\u`))
}

func (s *source) parseHeading() {
	switch d := checkText(s); {
	case d != nil:
		s.fail(d)
	case s.json:
		s.jsonHeading()
	default:
		s.nativeHeading()
	}
}

// nativeHeading parses the runbook blocks of a native file.
func (s *source) nativeHeading() {
	sc := newScanner(ctxFile, s.src, s.name, hcl.InitialPos)
	if d := sc.run(); d != nil {
		s.fail(d)
		return
	}
	for _, h := range sc.headings {
		start := hcl.Pos{Byte: h.start.offset, Line: h.start.line, Column: 1 + h.start.offset - h.start.lineStart}
		if h.end == 0 {
			h.end = len(s.src)
		}
		if h.end-h.start.offset > maxHeadingBytes {
			s.fail(headingTooBig(hcl.Range{Filename: s.name, Start: start, End: start}))
			return
		}
		s.add(parsePiece(piece{s.src[h.start.offset:h.end], start}, s.name))
	}
}

// jsonHeading parses the runbook blocks of a file in the JSON form, which are
// the property of that name of its object, or of the objects that it lists.
func (s *source) jsonHeading() {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(s.src, utf8BOM)))
	whole := hcl.Range{Filename: s.name, Start: hcl.InitialPos, End: hcl.InitialPos}
	for {
		t, err := d.Token()
		if err != nil {
			return // its end, or what Load tells of
		}
		if _, ok := t.(json.Delim); ok {
			continue
		}
		// It is a name: what stands behind one is taken whole.
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return
		}
		if t != runbookBlock.Name {
			continue
		}
		if len(value) > maxHeadingBytes {
			s.fail(headingTooBig(whole))
			return
		}
		part := append(append([]byte(`{"`+runbookBlock.Name+`":`), value...), '}')
		s.add(parseJSON(part, s.name, checkFile))
	}
}

func headingTooBig(at hcl.Range) *hcl.Diagnostic {
	return errorAt(at, "Runbook block too big", "This block is bigger than %d KiB. Its description is for a list of runbooks: put more into a README.md beside it.", maxHeadingBytes>>10)
}
