package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/report"
	"github.com/linecheck/linecheck/rules"
)

// An output is one --format: a format and where it goes.
type output struct {
	format report.Format
	file   string // "": standard output
}

// parseOutputs reads the values of --format, each NAME or NAME=FILE.
func parseOutputs(values []string) ([]output, *hcl.Diagnostic) {
	var outputs []output
	taken := map[string]bool{}
	for _, value := range values {
		name, file, toFile := strings.Cut(value, "=")
		format, ok := report.Find(name)
		if !ok {
			names := formatNames()
			return nil, mistake("Unknown format", fmt.Sprintf("There is no format %q.%s There is: %s.", name, rules.DidYouMean(name, names), strings.Join(names, ", ")))
		}
		switch {
		case !toFile || file == "-":
			file = ""
		case file == "":
			return nil, mistake("No file to write to", fmt.Sprintf("No file's name stands behind --format %s. Write --format %s=FILE, or --format %s for standard output.", value, name, name))
		default:
			if d := noFolder(file); d != nil {
				return nil, d
			}
			file = filepath.Clean(file)
		}
		if taken[file] {
			if file == "" {
				return nil, mistake("Two formats on standard output", "Only one format can be written to standard output. Give the others a file: --format "+name+"=FILE.")
			}
			return nil, mistake("Two formats in one file", fmt.Sprintf("Two formats would be written to %s. Give each a file of its own.", file))
		}
		taken[file] = true
		outputs = append(outputs, output{format, file})
	}
	return outputs, nil
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
func (c *console) writeReport(outputs []output, r *engine.Report, o report.Options) error {
	var failed []error
	for _, out := range outputs {
		if out.file == "" {
			continue
		}
		o := o
		o.Width, o.Colour = 0, false
		var buf bytes.Buffer
		err := out.format.Write(&buf, r, o)
		if err == nil {
			err = replaceFile(out.file, buf.Bytes())
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("write the %s report: %w", out.format.Name, err))
		}
	}
	for _, out := range outputs {
		if out.file != "" {
			continue
		}
		o.Width, o.Colour = c.outTTY.width, c.outTTY.colour
		if err := out.format.Write(c.out, r, o); err != nil {
			failed = append(failed, fmt.Errorf("write the %s report: %w", out.format.Name, err))
		}
	}
	return errors.Join(failed...)
}

// replaceFile gives a file its new content as a whole: whoever reads it
// meanwhile sees the old or the new. Devices and pipes are written to.
func replaceFile(name string, content []byte) (err error) {
	if info, err := os.Stat(name); err == nil {
		if !info.Mode().IsRegular() {
			return os.WriteFile(name, content, 0)
		}
		// A link stays a link.
		if name, err = filepath.EvalSymlinks(name); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	temp := filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+"."+rand.Text()[:8])
	// The file that comes into being gets the permissions that the umask says,
	// as if it had been written directly.
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(temp)
		}
	}()
	_, err = f.Write(content)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(temp, name)
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
