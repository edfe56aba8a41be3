package rules

import (
	"bytes"
	"encoding/json"

	"github.com/hashicorp/hcl/v2"
)

// maxHeadingBytes is more than anybody writes into a runbook block.
const maxHeadingBytes = 64 << 10

// mayNameRunbook reports whether a runbook block can stand in a file. Only JSON
// has escapes for names.
func (s *source) mayNameRunbook() bool {
	return bytes.Contains(s.src, []byte(RunbookBlock.Name)) || s.json && bytes.Contains(s.src, []byte(`\u`))
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
	pieces, d := scanBlocks(s.src, s.name, RunbookBlock.Name)
	if d != nil {
		s.fail(d)
		return
	}
	for _, p := range pieces {
		if len(p.src) > maxHeadingBytes {
			s.fail(headingTooBig(hcl.Range{Filename: s.name, Start: p.start, End: p.start}))
			return
		}
		s.add(parsePiece(p, s.name))
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
		if t != RunbookBlock.Name {
			continue
		}
		if len(value) > maxHeadingBytes {
			s.fail(headingTooBig(whole))
			return
		}
		part := append(append([]byte(`{"`+RunbookBlock.Name+`":`), value...), '}')
		s.add(parseJSON(part, s.name, CheckFile))
	}
}

func headingTooBig(at hcl.Range) *hcl.Diagnostic {
	return errorAt(at, "Runbook block too big", "This block is bigger than %d KiB. Its description is for a list of runbooks: put more into a README.md beside it.", maxHeadingBytes>>10)
}
