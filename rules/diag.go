package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// errorAt is an error with a place.
func errorAt(rng hcl.Range, summary, format string, args ...any) *hcl.Diagnostic {
	return &hcl.Diagnostic{
		Severity: hcl.DiagError,
		Summary:  summary,
		Detail:   fmt.Sprintf(format, args...),
		Subject:  &rng,
	}
}

// invalid is the error of a value that an attribute can't have, from one that
// says so in the words behind the attribute's name.
func invalid(name string, err error, rng hcl.Range) *hcl.Diagnostic {
	text := err.Error()
	if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") {
		text += "."
	}
	return errorAt(rng, "Invalid "+name, "%s %s", name, text)
}

// gloss ends a sentence with what a documentation says first.
func gloss(doc string) string {
	first, _, _ := strings.Cut(doc, ". ")
	if first = strings.TrimSuffix(first, "."); first == "" {
		return "."
	}
	if len(first) > 1 && first[1] >= 'a' { // no abbreviation
		first = lowerFirst(first)
	}
	return ": " + first + "."
}

// duplicate is the error of a second definition; it shows both places.
func duplicate(what string, rng, first hcl.Range) *hcl.Diagnostic {
	d := errorAt(rng, "Duplicate "+what, "There is %s of this name already, at %s. To change that one, write an override file (override.hcl or NAME_override.hcl).", withArticle(what), place(first))
	if what == runbookBlock.Name {
		d.Detail = fmt.Sprintf("This folder has its runbook block already, at %s.", place(first))
	}
	d.Extra = Related{{Note: "first defined here", Range: first}}
	return d
}

// place is a range as a person reads it: gateway.hcl:12.
func place(rng hcl.Range) string { return fmt.Sprintf("%s:%d", rng.Filename, rng.Start.Line) }

// sortDiagnostics brings diagnostics into the order of files and lines, since
// they were found side by side, and leaves out what was found twice. Those
// without a place come last.
func sortDiagnostics(diags hcl.Diagnostics, files []*source) hcl.Diagnostics {
	order := make(map[string]int, len(files))
	for i, f := range files {
		order[f.name] = i
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
