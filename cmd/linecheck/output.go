package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/report"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/disk"
)

// An output is one --format: a format and where it goes.
type output struct {
	format report.Format
	file   string // "": standard output
}

// flag is what names it on the command line.
func (o output) flag() string {
	if o.file == "" {
		return "--format " + o.format.Name
	}
	return "--format " + o.format.Name + "=" + o.file
}

// parseOutputs reads the values of --format, each NAME or NAME=FILE.
func parseOutputs(values []string) ([]output, *hcl.Diagnostic) {
	var outputs []output
	onStdout := false
	for _, value := range values {
		name, file, toFile := strings.Cut(value, "=")
		format, ok := report.Find(name)
		if !ok {
			names := formatNames()
			return nil, mistake("Unknown format", fmt.Sprintf("There is no format %q.%s There is: %s.", name, diagnostic.DidYouMean(name, names), strings.Join(names, ", ")))
		}
		switch {
		case !toFile || file == "-":
			file = ""
		case file == "":
			return nil, mistake("No file to write to", fmt.Sprintf("No file's name stands behind --format %s. Write --format %s=FILE, or --format %s for standard output.", value, name, name))
		}
		if file == "" && onStdout {
			return nil, mistake("Two formats on standard output", "Only one format can be written to standard output. Give the others a file: --format "+name+"=FILE.")
		}
		onStdout = onStdout || file == ""
		outputs = append(outputs, output{format, file})
	}
	return outputs, nil
}

// check proves the flags that need no runbook, and is what is written and the
// files that it is written to.
func (o *runOptions) check(c *console) ([]output, []destination, error) {
	if o.parallel < 1 {
		return nil, nil, mistake("Wrong value of a flag", fmt.Sprintf("--parallel %d: at least 1 probe must be in flight. Leave the flag out for %d.", o.parallel, engine.DefaultParallel))
	}
	if o.timeout < 0 {
		return nil, nil, mistake("Wrong value of a flag", fmt.Sprintf("--timeout %v is negative. Leave the flag out for no limit of the whole run.", o.timeout))
	}
	if err := o.checkRecording(); err != nil {
		return nil, nil, err
	}
	var err error
	if o.readable, err = readable(o.allowRead); err != nil {
		return nil, nil, err
	}
	formats := o.formats
	if len(formats) == 0 {
		formats = []string{"text"}
	}
	outputs, diag := parseOutputs(formats)
	if diag != nil {
		return nil, nil, diag
	}
	onStdout := ""
	var files []destination
	for _, out := range outputs {
		if out.file == "" {
			onStdout = out.flag()
			continue
		}
		files = append(files, destination{out.file, out.flag()})
	}
	if o.record != "" {
		files = append(files, destination{o.record, "--record " + o.record})
	}
	return outputs, files, c.provable(onStdout, files...)
}

func formatNames() []string {
	var names []string
	for _, f := range report.All() {
		names = append(names, f.Name)
	}
	return names
}

// formatHelp lists the formats for the help of --format.
func formatHelp() string {
	var b strings.Builder
	for _, f := range report.All() {
		fmt.Fprintf(&b, "  %-10s %s\n", f.Name, f.Doc)
	}
	return b.String()
}

// writeReport writes a report to all outputs: files first, so that a reader of
// standard output that goes away costs nothing. One that fails does not keep
// the others from being written.
func (c *console) writeReport(outputs []output, r *engine.Report, o report.Options) hcl.Diagnostics {
	var failed hcl.Diagnostics
	for _, out := range outputs {
		if out.file == "" {
			continue
		}
		o := o
		o.Width, o.Colour = 0, false
		var buf bytes.Buffer
		err := out.format.Write(&buf, r, o)
		if err == nil {
			err = c.writeFile(out.file, buf.Bytes())
		}
		if err != nil && !isLost(err) {
			failed = append(failed, notWritten(fmt.Sprintf("%s can't be written: %v.", out.flag(), disk.Cause(err))))
		}
	}
	for _, out := range outputs {
		if out.file != "" {
			continue
		}
		o.Width, o.Colour = c.outTTY.width, c.outTTY.colour
		if err := out.format.Write(c.out, r, o); err != nil && !isLost(err) {
			failed = append(failed, notWritten(fmt.Sprintf("The %s report can't be written: %v.", out.format.Name, err)))
		}
	}
	return failed
}

// noFolder is the mistake of a file to write whose folder is not there, which is
// better found before the work than after it; else nil.
func noFolder(file string) *hcl.Diagnostic {
	dir := filepath.Dir(file)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return mistake("No such folder", fmt.Sprintf("%s can't be written: there is no folder %s. Make it first.", file, dir))
	}
	return nil
}
