package probe

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

var logKind = &rules.Kind{
	Name:      "log",
	Doc:       "Looks for a pattern in the last lines of a file on this computer.",
	TargetDoc: "Path of the file.",
	Args: []rules.Attribute{
		{Name: "pattern", Type: cty.String, Required: true, Check: regularExpression,
			Doc: "Regular expression that a line must match (RE2 syntax: https://github.com/google/re2/wiki/Syntax). It is applied line by line, and a line end (LF or CRLF) is not part of the line."},
		{Name: "tail", Type: cty.String, Check: sizeWithin(1, maxTail), Default: cty.StringVal("1MiB"),
			Doc: `How much of the file's end is read, such as "64KiB" or "1MiB", up to 64MiB. A line that begins before it is left out.`},
	},
	Result: []rules.Attribute{
		{Name: "found", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the file is there."},
		{Name: "matched", Type: cty.Bool, NeverNull: true,
			Doc: "Whether a line matches; false when the file is not there."},
		{Name: "line", Type: cty.String,
			Doc: "The last line that matches: bytes that are not text as \\xNN, at most 512 characters. Null when none does."},
		{Name: "age_s", Type: cty.Number,
			Doc: "Seconds since the file was last written; null when it is not there."},
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
	return logKind.UnknownResult(), errors.New("log: not observed")
}
