package rules

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/disk"
)

// What a runbook may hold. Parsing takes some 700 bytes of memory for each
// token of a file, and a token may be a single byte: these bounds keep a file
// that was made to hurt below a few GB. A check takes some 640 bytes.
const (
	maxFileBytes = 16 << 20
	maxAllBytes  = 256 << 20
)

// A source is one file of check or site blocks.
type source struct {
	overlay  string
	name     string // as ranges have it
	override bool
	json     bool
	src      []byte

	body   *hclsyntax.Body
	diags  hcl.Diagnostics
	broken bool // its syntax is wrong: names may be missing from body
}

// readFolder reads the files of one folder in lexical order, those that
// override last. It adds what it reads to total, and stops when that is too much.
func readFolder(folder string, fsys fs.FS, total *int) ([]*source, hcl.Diagnostics) {
	entries, err := fs.ReadDir(orNone(fsys), ".")
	if err != nil {
		return nil, hcl.Diagnostics{unreadable(folder, err)}
	}
	var diags hcl.Diagnostics
	var plain, override []*source
	for _, e := range entries {
		if !IsCheckFile(e.Name()) {
			continue
		}
		s := &source{
			overlay:  folder,
			name:     joinPath(folder, e.Name()),
			override: isOverride(e.Name()),
			json:     isJSON(e.Name()),
		}
		var d *hcl.Diagnostic
		if s.src, d = ReadFile(fsys, e.Name(), s.name); d != nil {
			diags = append(diags, d)
			continue
		}
		if *total += len(s.src); *total > maxAllBytes {
			diags = append(diags, wholeError("Runbook too big", "The check files hold more than %d MiB together. %s and those after it were not read.", maxAllBytes>>20, s.name))
			break
		}
		if s.override {
			override = append(override, s)
		} else {
			plain = append(plain, s)
		}
	}
	return slices.Concat(plain, override), diags
}

// joinPath is what a file of a folder is called in ranges and messages.
func joinPath(folder, name string) string {
	// A reference to a package elsewhere, oci://…, is no path to be cleaned.
	if scheme, rest, ok := strings.Cut(folder, "://"); ok {
		return scheme + "://" + path.Join(rest, name)
	}
	return path.Join(folder, name)
}

// orNone is a file system, or one in which nothing can be opened where an
// embedder gave none.
func orNone(fsys fs.FS) fs.FS {
	if fsys == nil {
		return noFiles{}
	}
	return fsys
}

type noFiles struct{}

func (noFiles) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("no file system was given to read it from")}
}

// ReadFile reads one file of a folder, unless it is something else or bigger
// than 16 MiB. Diagnostics call it by the name that is shown.
func ReadFile(fsys fs.FS, name, shown string) ([]byte, *hcl.Diagnostic) {
	src, err := disk.ReadFile(orNone(fsys), name, maxFileBytes)
	var kind *disk.KindError
	var size *disk.SizeError
	switch {
	case errors.As(err, &kind) && kind.Mode.IsDir():
		return nil, wholeError("Folder in place of a file",
			"%s is a folder, but its name is that of a check file. Rename it, or move its files beside the others: folders within a runbook are not read.", shown)
	case errors.As(err, &kind):
		return nil, wholeError("Not a file", "%s is %s, and is not read. Put a copy of what it holds in its place, or rename it.", shown, kind)
	case errors.As(err, &size):
		return nil, tooBig(shown)
	case err != nil:
		return nil, unreadable(shown, err)
	}
	return src, nil
}

func tooBig(shown string) *hcl.Diagnostic {
	return wholeError("File too big", "%s is bigger than %d MiB. Split it: all files of a folder are one runbook.", shown, maxFileBytes>>20)
}

func unreadable(shown string, err error) *hcl.Diagnostic {
	return wholeError("Unreadable", "%s can't be read: %s.", shown, disk.Cause(err))
}

// checkText refuses bytes that are no text.
func checkText(s *source) *hcl.Diagnostic {
	at, summary, detail := -1, "", ""
	switch {
	case bytes.HasPrefix(s.src, []byte{0xff, 0xfe}), bytes.HasPrefix(s.src, []byte{0xfe, 0xff}):
		at, summary, detail = 0, "Not UTF-8", "This file seems to be encoded as UTF-16. Save it as UTF-8."
	case bytes.IndexByte(s.src, 0) >= 0:
		at, summary, detail = bytes.IndexByte(s.src, 0), "NUL byte", "There is a NUL byte here, which no text has. The file may be damaged, or be no text at all."
	case !s.json && strayReturn(s.src) >= 0:
		at, summary, detail = strayReturn(s.src), "Stray carriage return", "There is a carriage return here without a newline behind it. Save the file with the line ends of Unix or Windows."
	case !utf8.Valid(s.src):
		at, summary, detail = invalidUTF8(s.src), "Not UTF-8", "The bytes here are not UTF-8. Save the file as UTF-8."
	}
	if at < 0 {
		return nil
	}
	pos := posAt(s.src, at)
	end := pos
	end.Byte++
	end.Column++
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: detail,
		Subject: &hcl.Range{Filename: s.name, Start: pos, End: end}}
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
		Column: 1 + utf8.RuneCount(bytes.TrimPrefix(src[start:at], utf8BOM)),
	}
}

// namesOf are the names of sources.
func namesOf(sources []*source) []string {
	names := make([]string, len(sources))
	for i, s := range sources {
		names[i] = s.name
	}
	return names
}
