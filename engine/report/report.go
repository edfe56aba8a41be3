// Package report writes an [engine.Report] down: for people, for programs and
// for other systems.
//
// [All] lists the formats and [Find] looks one up by name. A format is a pure
// function of the report and [Options]: it decides nothing, reads no clock and
// no environment, and the same report gives the same bytes. The JSON format is
// versioned ("format_version"): keys are added, never changed or removed,
// within a major version. The text format is for reading and may change.
package report

import (
	"io"

	"github.com/linecheck/linecheck/engine"
)

// A Format is one way to write a report.
type Format struct {
	Name  string // as in --format NAME
	Doc   string // one line, for the help
	Write func(w io.Writer, r *engine.Report, o Options) error
}

// Options say for whom and where a report is written. The zero value suits a
// file.
type Options struct {
	Version string // of linecheck, for formats that name the program

	// The terminal, for formats that people read.
	Width  int  // columns; 0 means terminal.DefaultWidth
	Colour bool // the reader shows ANSI colours
	ASCII  bool // the reader shows nothing but ASCII

	// Explain picks the checks of which the text format also shows everything
	// that was observed and how each condition came out; nil: none.
	Explain func(*engine.CheckReport) bool
}

// All lists the formats, sorted by name.
func All() []Format {
	return []Format{
		jsonFormat(),
		textFormat(),
	}
}

// Find returns the format of that name.
func Find(name string) (Format, bool) {
	for _, f := range All() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}
