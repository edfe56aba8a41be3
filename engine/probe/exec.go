package probe

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/subprocess"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

var execKind = &language.Kind{
	Name: "exec",
	Doc: "Runs a command on this computer, for what no other kind covers. No shell is in between: what the command is given is what stands in the list. " +
		"It reads nothing on its standard input, sees no environment but PATH, HOME and LANG, and is ended with all that it started when the check's time is up.",
	TargetDoc:      "Names what the command looks at, for reports. The command does not see it unless an element of its list says target.",
	TargetOptional: true,
	NeedsExec:      true,
	Args: []language.Attribute{
		{Name: "command", Type: cty.List(cty.String), Required: true, Domain: language.Judged(commandLine),
			Doc: "The program and what it is given, each an element of its own. A program without a slash is looked for in PATH."},
		{Name: "max_output", Type: cty.String, Default: cty.StringVal("64KiB"), Domain: sizeWithin(1, maxOutput),
			Doc: `How much is kept of standard output, and how much of standard error, such as "64KiB", up to 16MiB. What goes beyond it is read and dropped.`},
	},
	Result: []language.Attribute{
		{Name: "exit_code", Type: cty.Number, Domain: language.WholeBetween(0, math.MaxUint32),
			Doc: "The code that the command ended with; null when a signal ended it."},
		{Name: "stdout", Type: cty.String, NeverNull: true,
			Doc: `What it wrote to standard output, without line ends at the end. Bytes that are not text are spelled as \xNN, control characters likewise; lines end with LF.`},
		{Name: "stderr", Type: cty.String, NeverNull: true,
			Doc: "The same of standard error."},
		{Name: "truncated", Type: cty.Bool, NeverNull: true,
			Doc: "Whether either wrote more than max_output, so that its end is not known."},
		{Name: "duration_ms", Type: cty.Number, NeverNull: true, Domain: language.NumberFrom(0),
			Doc: "How long the command ran, in milliseconds."},
	},
}

// maxOutput bounds what is held in memory of one stream.
const maxOutput = 16 << 20

// execEnvironment is what a command sees of our environment: what it needs to
// find programs and files and to speak one's language. Nothing else, since
// that may hold secrets (LINECHECK_VAR_password) and changes from caller to
// caller.
var execEnvironment = []string{"PATH", "HOME", "LANG"}

// pipesGrace is how long we go on reading after a command ended, where
// something that it left behind holds its output open.
const pipesGrace = 250 * time.Millisecond

// commandLine is an argument check.
func commandLine(v cty.Value) error {
	words := v.AsValueSlice()
	if len(words) == 0 {
		return errors.New(`must name a program: ["PROGRAM", "ARGUMENT"]`)
	}
	for i, word := range words {
		switch {
		case word.IsNull():
			return errors.New("must not hold a null")
		case i == 0 && word.IsKnown() && strings.TrimSpace(word.AsString()) == "":
			return errors.New("must begin with the name of a program")
		case word.IsKnown() && strings.ContainsRune(word.AsString(), 0):
			return errors.New("must not hold a NUL character")
		}
	}
	return nil
}

func observeExec(ctx context.Context, _ *engine.World, q engine.Query) (cty.Value, error) {
	most, err := parseSize(q.Args["max_output"].AsString())
	if err != nil {
		return cty.NilVal, err
	}
	var words []string
	for _, word := range q.Args["command"].AsValueSlice() {
		words = append(words, word.AsString())
	}
	r := newResult(execKind)
	if ctx.Err() != nil {
		return r.value(), nil
	}
	stdout, stderr := &subprocess.Output{Most: int(most)}, &subprocess.Output{Most: int(most)}
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Env = []string{} // not nil, which would be all of ours
	for _, name := range execEnvironment {
		if value, set := os.LookupEnv(name); set {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	elapsed, err := subprocess.Run(cmd, stdout, stderr, pipesGrace)
	switch {
	case ctx.Err() != nil:
		// Half of an output proves nothing: it may lack the very line.
		return r.value(), nil
	case cmd.Process == nil:
		return cty.NilVal, notStarted(words[0], err)
	case cmd.ProcessState == nil:
		return cty.NilVal, fmt.Errorf("wait for the command %q: %w", words[0], err)
	}
	r.set("exit_code", nil)
	if code := cmd.ProcessState.ExitCode(); code >= 0 {
		r.set("exit_code", code)
	}
	r.set("stdout", outputText(stdout))
	r.set("stderr", outputText(stderr))
	r.set("truncated", stdout.Dropped || stderr.Dropped)
	r.set("duration_ms", milliseconds(elapsed))
	return r.value(), nil
}

// notStarted says why a command did not start, without the words for
// programmers that package exec puts around it.
func notStarted(program string, err error) error {
	var lookup *exec.Error
	var path *os.PathError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf("the command %q was not found in PATH", program)
	case errors.As(err, &lookup):
		err = lookup.Err
	case errors.As(err, &path):
		err = path.Err
	}
	return fmt.Errorf("the command %q can't be started: %w", program, err)
}

// wholeRunes leaves out a character that was cut in two at the end of b.
func wholeRunes(b []byte) []byte {
	for i := len(b) - 1; i >= 0 && len(b)-i < utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				return b[:i]
			}
			break
		}
	}
	return b
}

func summariseExec(result cty.Value) string {
	o := observed{result}
	ended := ""
	if code := result.GetAttr("exit_code"); code.IsKnown() && code.IsNull() {
		ended = "ended by a signal"
	} else if code := o.text("exit_code"); code != "" {
		ended = "exit code " + code
	}
	if o.is("truncated") {
		return phrases(ended, "output cut off")
	}
	return ended
}

// outputText is what was kept, safe to show.
func outputText(o *subprocess.Output) string {
	b := o.Kept.Bytes()
	if o.Dropped {
		b = wholeRunes(b)
	}
	b = bytes.ReplaceAll(b, []byte("\r\n"), newline)
	return terminal.Spell(string(bytes.TrimRight(b, "\n")), "\n\t")
}
