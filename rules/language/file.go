package language

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/disk"
)

// IsJSON reports whether a file is written in the JSON form.
func IsJSON(name string) bool { return strings.HasSuffix(name, ".hcl.json") }

// IsCheckFile reports whether a name in a folder is that of a file which Load
// reads.
func IsCheckFile(name string) bool {
	base := strings.TrimSuffix(name, ".json")
	return !strings.HasPrefix(name, ".") &&
		strings.HasSuffix(base, ".hcl") &&
		!strings.HasSuffix(base, ".test.hcl") &&
		!strings.HasSuffix(base, ".mock.hcl")
}

// IsOverride reports whether a check file changes blocks of other files.
func IsOverride(name string) bool {
	base := strings.TrimSuffix(strings.TrimSuffix(name, ".json"), ".hcl")
	return base == "override" || strings.HasSuffix(base, "_override")
}

// What a runbook may hold. Parsing takes some 700 bytes of memory for each
// token of a file, and a token may be a single byte: these bounds keep a file
// that was made to hurt below a few GB. A check takes some 640 bytes.
const (
	MaxFileBytes = 16 << 20
	MaxAllBytes  = 256 << 20
)

// OrNone is a file system, or one in which nothing can be opened where an
// embedder gave none.
func OrNone(fsys fs.FS) fs.FS {
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
	src, err := disk.ReadFile(OrNone(fsys), name, MaxFileBytes)
	var kind *disk.KindError
	var size *disk.SizeError
	switch {
	case errors.As(err, &kind) && kind.Mode.IsDir():
		return nil, diagnostic.Error("Folder in place of a file",
			"%s is a folder, but its name is that of a check file. Rename it, or move its files beside the others: folders within a runbook are not read.", shown)
	case errors.As(err, &kind):
		return nil, diagnostic.Error("Not a file", "%s is %s, and is not read. Put a copy of what it holds in its place, or rename it.", shown, kind)
	case errors.As(err, &size):
		return nil, TooBig(shown)
	case err != nil:
		return nil, Unreadable(shown, err)
	}
	return src, nil
}

// TooBig is the error of a file beyond [MaxFileBytes].
func TooBig(shown string) *hcl.Diagnostic {
	return diagnostic.Error("File too big", "%s is bigger than %d MiB. Split it: all files of a folder are one runbook.", shown, MaxFileBytes>>20)
}

// Unreadable is the error of a file or folder that the system does not let us read.
func Unreadable(shown string, err error) *hcl.Diagnostic {
	return diagnostic.Error("Unreadable", "%s can't be read: %s.", shown, disk.Cause(err))
}
