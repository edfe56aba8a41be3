package offline

import (
	"io"
)

// Results are the outcomes of a suite, for a format to show.
type Results struct {
	Outcomes []*Outcome
	Coverage *Coverage         // nil: not wanted
	Files    map[string][]byte // of the runbook, for the annotated source
}

// Failed counts the tests that did not pass.
func (r *Results) Failed() int {
	n := 0
	for _, o := range r.Outcomes {
		if !o.Passed() {
			n++
		}
	}
	return n
}

// Options say how results are shown.
type Options struct {
	Version string
	Colour  bool // of the text
	Source  bool // the text shows the coverage as annotated source as well
}

// A Format shows results.
type Format struct {
	Name  string
	Doc   string
	Write func(w io.Writer, r *Results, o Options) error
}

// Formats lists the formats, sorted by name.
func Formats() []Format {
	return []Format{
		{"json", "everything, for programs; stable and versioned", writeJSON},
		{"junit", "JUnit's XML, as continuous integration reads it", writeJUnit},
		{"text", "for people", writeText},
	}
}
