package main

import (
	"errors"
	"fmt"
	"os"
	"path"
	"regexp"
	"runtime"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/panics"
)

// guarded runs a command. A panic, which is a fault of ours, becomes a message and
// the exit code of what could not be observed: Go's own is that of wrong files.
func (c *console) guarded(args []string, run func() int) (code int) {
	defer func() {
		if p := recover(); p != nil {
			c.tellCrash(panics.Recover(p), args)
			code = int(exitUnproved)
		}
	}()
	return run()
}

// tellCrash says on standard error what broke, and puts what we need to mend it
// into a file: the stack is long, and the panic's own words may hold anything
// that was being worked on.
func (c *console) tellCrash(r *panics.Recovered, args []string) {
	full := fmt.Sprintf("linecheck %s, %s, %s/%s\n%s\n\npanic: %s\n\n%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH,
		commandLine(args), c.withoutValues(r.Error(), args), r.Stack)
	keep := ""
	file, err := keepCrash(full)
	if err == nil {
		keep = fmt.Sprintf(" Please report it with the file %s, which holds the whole of it, and with the check files if you can. Look through it first: it may quote values.", file)
	} else {
		keep = fmt.Sprintf(" Please report it with what follows, which could not be written to a file (%s). Look through it first: it may quote values.", err)
	}
	what := "linecheck " + version + " met a fault of its own in \"" + commandLine(args) + "\": " + crashWords(r) + " " +
		"This says nothing about your files and nothing about the network." + keep
	diags := hcl.Diagnostics{mistake("linecheck broke", what)}
	if panics.Call(func() error { return diagnostic.Text(c.err, diags, nil, c.errTTY.style()) }) != nil {
		fmt.Fprintf(c.err, "\nError: linecheck broke\n\n%s\n", what) // what writes diagnostics is what broke
	}
	if err != nil {
		fmt.Fprintf(c.err, "\n%s\n", full)
	}
}

// keepCrash writes a file that only its owner can read, in the folder for such
// (TMPDIR), and is its name.
func keepCrash(text string) (name string, err error) {
	f, err := os.CreateTemp("", "linecheck-broke-*.txt") // mode 0600
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(text)
	return f.Name(), errors.Join(err, f.Close())
}

// crashWords are what broke and where, without anything of the panic's that may
// be a value.
func crashWords(r *panics.Recovered) string {
	what := fmt.Sprintf("a panic of type %T", r.Value)
	if err, ok := r.Value.(runtime.Error); ok {
		what = err.Error()
	}
	if at := crashFrames(string(r.Stack)); len(at) > 0 {
		what += ", in " + strings.Join(at, ", called by ")
	}
	return what + "."
}

// crashDepth is how many of our functions the message names.
const crashDepth = 3

// stackFrame is a function and its place, as debug.Stack writes them.
var stackFrame = regexp.MustCompile(`(?m)^(\S+)\(.*\)\n\t(\S+:\d+)`)

// crashFrames are the innermost of our functions, below the panic.
func crashFrames(stack string) []string {
	if i := strings.LastIndex(stack, "\npanic("); i >= 0 {
		stack = stack[i+1:]
	}
	var frames []string
	for _, m := range stackFrame.FindAllStringSubmatch(stack, -1) {
		function, ours := strings.CutPrefix(m[1], "github.com/linecheck/linecheck/")
		if !ours && !strings.HasPrefix(function, "main.") || strings.HasPrefix(function, "rules/panics.") {
			continue
		}
		if frames = append(frames, fmt.Sprintf("%s (%s)", function, path.Base(m[2]))); len(frames) == crashDepth {
			break
		}
	}
	return frames
}

// commandLine is what was typed, without the values of variables and of whatever
// else has an equals sign.
func commandLine(args []string) string {
	words := []string{"linecheck"}
	secret := false
	for _, arg := range args {
		name, _, assigns := strings.Cut(arg, "=")
		switch {
		case secret:
			words = append(words, "…")
		case assigns:
			words = append(words, name+"=…")
		default:
			words = append(words, arg)
		}
		secret = !secret && (arg == "--var" || arg == "-var")
	}
	return strings.Join(words, " ")
}

// leastSecret is the length from which a value is looked for in other text: what
// is shorter stands there by chance.
const leastSecret = 4

// withoutValues is text without the values that variables were given on the
// command line and in the environment.
func (c *console) withoutValues(text string, args []string) string {
	hide := func(assignment string) {
		if _, value, _ := strings.Cut(assignment, "="); len(value) >= leastSecret {
			text = strings.ReplaceAll(text, value, "…")
		}
	}
	for _, arg := range args {
		for _, flag := range []string{"--var=", "-var="} {
			arg = strings.TrimPrefix(arg, flag)
		}
		hide(arg)
	}
	for _, kv := range c.environ {
		if strings.HasPrefix(kv, envPrefix) {
			hide(kv)
		}
	}
	return text
}
