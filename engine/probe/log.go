package probe

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/hostfs"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

var logKind = &language.Kind{
	Name:      "log",
	Doc:       "Looks for a pattern in the last lines of a file on this computer.",
	ByHand:    "grep -E {pattern} {target} | tail",
	TargetDoc: "Path of the file.",
	ReadsFile: true,
	Args: []language.Attribute{
		{Name: "pattern", Type: cty.String, Required: true, Domain: language.Judged(regularExpression),
			Doc: "Regular expression that a line must match (RE2 syntax: https://github.com/google/re2/wiki/Syntax). It is applied line by line, and a line end (LF or CRLF) is not part of the line."},
		{Name: "tail", Type: cty.String, Domain: sizeWithin(1, maxTail), Default: cty.StringVal("1MiB"),
			Doc: `How much of the file's end is read, such as "64KiB" or "1MiB", up to 64MiB. A line that begins before it is left out.`},
	},
	Result: []language.Attribute{
		{Name: "found", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the file is there."},
		{Name: "matched", Type: cty.Bool, NeverNull: true,
			Doc: "Whether a line matches; false when the file is not there."},
		{Name: "line", Type: cty.String, Domain: aLine,
			Doc: "The last line that matches: bytes that are not text as \\xNN, at most 512 characters. Null when none does."},
		{Name: "age_s", Type: cty.Number, Domain: language.NumberFrom(0),
			Doc: "Seconds since the file was last written; null when it is not there."},
	},
	Never: []language.Contradiction{
		excludes(isFalse("found"), isTrue("matched"), there("line"), there("age_s")),
		excludes(isTrue("matched"), none("line")),
		excludes(isFalse("matched"), there("line")),
	},
}

// maxTail bounds what is held in memory of a log.
const maxTail = 64 << 20

// regularExpression is an argument check.
func regularExpression(v cty.Value) error {
	if _, err := regexp.Compile(v.AsString()); err != nil {
		return fmt.Errorf("must be a regular expression in RE2 syntax: %w", err)
	}
	return nil
}

func observeLog(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
	pattern, err := regexp.Compile(q.Args["pattern"].AsString())
	if err != nil {
		return cty.NilVal, err
	}
	size, err := parseSize(q.Args["tail"].AsString())
	if err != nil {
		return cty.NilVal, err
	}

	r := newResult(logKind)
	f, err := hostfs.Open(w, q.Target)
	if errors.Is(err, fs.ErrNotExist) {
		r.set("found", false)
		r.set("matched", false)
		r.set("line", nil)
		r.set("age_s", nil)
		return r.value(), nil
	}
	if err != nil {
		return cty.NilVal, err
	}
	defer f.Close()
	r.set("found", true)
	// A file of somebody's own World need not know when it was written.
	if f, ok := f.(interface{ Stat() (fs.FileInfo, error) }); ok {
		if info, err := f.Stat(); err == nil {
			r.set("age_s", max(0, time.Since(info.ModTime()).Seconds()))
		}
	}

	tail, err := readTail(ctx, f, size)
	if ctx.Err() != nil {
		return r.value(), nil
	}
	if err != nil {
		return cty.NilVal, fmt.Errorf("read %s: %w", q.Target, err)
	}
	line, matched := lastMatch(tail, pattern)
	r.set("matched", matched)
	r.set("line", nil)
	if matched {
		r.set("line", oneLine(line))
	}
	return r.value(), nil
}

// readTail returns the whole lines within the last size bytes of a file as it
// is now: what is written meanwhile is not followed.
func readTail(ctx context.Context, f io.ReadSeeker, size int64) ([]byte, error) {
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	// One byte before the tail tells whether the tail begins with a line.
	start := max(0, end-size-1)
	if _, err := f.Seek(start, io.SeekStart); err != nil {
		return nil, err
	}
	tail := make([]byte, 0, end-start)
	for len(tail) < cap(tail) && ctx.Err() == nil {
		chunk := tail[len(tail):min(cap(tail), len(tail)+logChunk)]
		n, err := f.Read(chunk)
		tail = tail[:len(tail)+n]
		if err == io.EOF {
			break // cut short meanwhile: what is left is all there is
		}
		if err != nil {
			return nil, err
		}
	}
	if end > size {
		_, tail, _ = bytes.Cut(tail, newline)
	}
	return tail, nil
}

// logChunk is read between two looks at the context.
const logChunk = 64 << 10

var newline = []byte("\n")

// lastMatch returns the last line that matches, without its line end.
func lastMatch(text []byte, pattern *regexp.Regexp) (line []byte, ok bool) {
	if len(text) == 0 {
		return nil, false // not even an empty line
	}
	text = bytes.TrimSuffix(text, newline)
	for {
		start := bytes.LastIndexByte(text, '\n') + 1
		line := bytes.TrimSuffix(text[start:], []byte("\r"))
		if pattern.Match(line) {
			return line, true
		}
		if start == 0 {
			return nil, false
		}
		text = text[:start-1]
	}
}

func summariseLog(result cty.Value) string {
	o := observed{result}
	found, foundSeen := o.at("found")
	matched, matchedSeen := o.at("matched")
	switch {
	case foundSeen && found.False():
		return "no such file"
	case matchedSeen && matched.False():
		return "no such line"
	case o.text("age_s") != "":
		return "found, " + o.text("age_s") + " s old"
	case matchedSeen:
		return "found"
	}
	return ""
}
