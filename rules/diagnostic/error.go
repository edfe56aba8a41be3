package diagnostic

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// ErrorAt is an error with a place.
func ErrorAt(rng hcl.Range, summary, format string, args ...any) *hcl.Diagnostic {
	return &hcl.Diagnostic{
		Severity: hcl.DiagError,
		Summary:  summary,
		Detail:   fmt.Sprintf(format, args...),
		Subject:  &rng,
	}
}

// Invalid is the error of a value that an attribute can't have, from one that
// says so in the words behind the attribute's name.
func Invalid(name string, err error, rng hcl.Range) *hcl.Diagnostic {
	text := err.Error()
	if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") {
		text += "."
	}
	return ErrorAt(rng, "Invalid "+name, "%s %s", name, text)
}

// Where is a range as a person reads it: gateway.hcl:12.
func Where(rng hcl.Range) string { return fmt.Sprintf("%s:%d", rng.Filename, rng.Start.Line) }

// Sort brings diagnostics into the order of files and lines, since
// they were found side by side, and leaves out what was found twice. Those
// without a place come last.
func Sort(diags hcl.Diagnostics, files []string) hcl.Diagnostics {
	order := make(map[string]int, len(files))
	for i, f := range files {
		order[f] = i
	}
	rank := func(d *hcl.Diagnostic) (file, byte int) {
		if d.Subject == nil {
			return len(files) + 1, 0
		}
		n, ok := order[d.Subject.Filename]
		if !ok {
			n = len(files)
		}
		return n, d.Subject.Start.Byte
	}
	slices.SortStableFunc(diags, func(a, b *hcl.Diagnostic) int {
		fileA, byteA := rank(a)
		fileB, byteB := rank(b)
		return cmp.Or(cmp.Compare(fileA, fileB), cmp.Compare(byteA, byteB), cmp.Compare(a.Summary, b.Summary), cmp.Compare(a.Detail, b.Detail))
	})
	return slices.CompactFunc(diags, func(a, b *hcl.Diagnostic) bool {
		samePlace := a.Subject == b.Subject || a.Subject != nil && b.Subject != nil && *a.Subject == *b.Subject
		return samePlace && a.Summary == b.Summary && a.Detail == b.Detail
	})
}

// Error is about a file, a folder or a runbook as a whole: it has no place.
func Error(summary, format string, args ...any) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(format, args...)}
}
