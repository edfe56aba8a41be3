package syntax

import (
	"bytes"
	"encoding/json"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/internal/scan"
	"github.com/linecheck/linecheck/rules/language"
)

// maxHeadingBytes is more than anybody writes into a runbook block.
const maxHeadingBytes = 64 << 10

// MayNameRunbook reports whether a runbook block can stand in a file. Only JSON
// has escapes for names.
func (s *Source) MayNameRunbook() bool {
	return bytes.Contains(s.Src, []byte(language.RunbookBlock.Name)) || s.json && bytes.Contains(s.Src, []byte(`\u`))
}

// ParseHeading parses the runbook block of a file, and nothing else.
func (s *Source) ParseHeading() {
	switch d := scan.Text(s.Src, s.Name, s.json); {
	case d != nil:
		s.fail(d)
	case s.json:
		s.jsonHeading()
	default:
		s.nativeHeading()
	}
}

// nativeHeading parses the runbook blocks of a native file.
func (s *Source) nativeHeading() {
	pieces, d := scan.Blocks(s.Src, s.Name, language.RunbookBlock.Name)
	if d != nil {
		s.fail(d)
		return
	}
	for _, p := range pieces {
		if len(p.Src) > maxHeadingBytes {
			s.fail(headingTooBig(hcl.Range{Filename: s.Name, Start: p.Start, End: p.Start}))
			return
		}
		s.add(ParsePiece(p, s.Name))
	}
}

// jsonHeading parses the runbook blocks of a file in the JSON form, which are
// the property of that name of its object, or of the objects that it lists.
func (s *Source) jsonHeading() {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(s.Src, scan.UTF8BOM)))
	whole := hcl.Range{Filename: s.Name, Start: hcl.InitialPos, End: hcl.InitialPos}
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
		if t != language.RunbookBlock.Name {
			continue
		}
		if len(value) > maxHeadingBytes {
			s.fail(headingTooBig(whole))
			return
		}
		part := append(append([]byte(`{"`+language.RunbookBlock.Name+`":`), value...), '}')
		s.add(parseJSON(part, s.Name, language.CheckFile))
	}
}

func headingTooBig(at hcl.Range) *hcl.Diagnostic {
	return diagnostic.ErrorAt(at, "Runbook block too big", "This block is bigger than %d KiB. Its description is for a list of runbooks: put more into a README.md beside it.", maxHeadingBytes>>10)
}
