package scan

import (
	"bytes"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// Text refuses bytes that are no text.
func Text(src []byte, name string, json bool) *hcl.Diagnostic {
	at, summary, detail := -1, "", ""
	switch {
	case bytes.HasPrefix(src, []byte{0xff, 0xfe}), bytes.HasPrefix(src, []byte{0xfe, 0xff}):
		at, summary, detail = 0, "Not UTF-8", "This file seems to be encoded as UTF-16. Save it as UTF-8."
	case bytes.IndexByte(src, 0) >= 0:
		at, summary, detail = bytes.IndexByte(src, 0), "NUL byte", "There is a NUL byte here, which no text has. The file may be damaged, or be no text at all."
	case !json && strayReturn(src) >= 0:
		at, summary, detail = strayReturn(src), "Stray carriage return", "There is a carriage return here without a newline behind it. Save the file with the line ends of Unix or Windows."
	case !utf8.Valid(src):
		at, summary, detail = invalidUTF8(src), "Not UTF-8", "The bytes here are not UTF-8. Save the file as UTF-8."
	}
	if at < 0 {
		return nil
	}
	pos := posAt(src, at)
	end := pos
	end.Byte++
	end.Column++
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: detail,
		Subject: &hcl.Range{Filename: name, Start: pos, End: end}}
}

// strayReturn finds a carriage return that ends no line. HCL would take the
// rest of the file for one token, and a terminal would hide the line.
func strayReturn(src []byte) int {
	for i := 0; i < len(src); i++ {
		n := bytes.IndexByte(src[i:], '\r')
		if n < 0 {
			return -1
		}
		if i += n; i+1 == len(src) || src[i+1] != '\n' {
			return i
		}
	}
	return -1
}

func invalidUTF8(src []byte) int {
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// posAt is the position of a byte, with columns in characters as a fair
// likeness of HCL's grapheme clusters.
func posAt(src []byte, at int) hcl.Pos {
	start := bytes.LastIndexByte(src[:at], '\n') + 1
	return hcl.Pos{
		Byte:   at,
		Line:   1 + bytes.Count(src[:at], []byte{'\n'}),
		Column: 1 + utf8.RuneCount(bytes.TrimPrefix(src[start:at], UTF8BOM)),
	}
}
