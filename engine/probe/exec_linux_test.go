package probe

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
	"go.uber.org/goleak"
)

// execHelper is the first argument of this program as the command of a test.
const execHelper = "exec-helper"

// helper are the arguments of an exec probe that runs this program, which then
// does what TestExecHelper has under the name.
func helper(t *testing.T, does string, more ...string) map[string]cty.Value {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return command(append([]string{self, "-test.run=^TestExecHelper$", "--", execHelper, does}, more...)...)
}

func command(words ...string) map[string]cty.Value {
	var list []cty.Value
	for _, word := range words {
		list = append(list, cty.StringVal(word))
	}
	return map[string]cty.Value{"command": cty.ListVal(list)}
}

func TestExecHelper(t *testing.T) {
	if flag.Arg(0) != execHelper {
		t.Skip("the command of other tests")
	}
	switch flag.Arg(1) {
	case "say":
		fmt.Print(flag.Arg(2))
		fmt.Fprint(os.Stderr, flag.Arg(3))
	case "environment":
		fmt.Println(strings.Join(os.Environ(), "\n"))
	case "read":
		n, err := io.Copy(io.Discard, os.Stdin)
		fmt.Println(n, err)
	case "code":
		os.Exit(7)
	case "die":
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "flood":
		line := strings.Repeat("é", 512)
		for range 1 << 10 { // 1 MiB on either
			fmt.Print(line)
			fmt.Fprint(os.Stderr, line)
		}
	case "leave":
		// A child in our group and one that is not, both holding our output.
		fmt.Println(start(t, false), start(t, true))
	case "wait":
		fmt.Println(start(t, false))
		select {}
	case "hang":
		time.Sleep(time.Minute)
	}
	os.Exit(0)
}

// start starts a child that hangs and is its process id.
func start(t *testing.T, ownSession bool) int {
	cmd := exec.Command(os.Args[0], "-test.run=^TestExecHelper$", "--", execHelper, "hang")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: ownSession}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd.Process.Pid
}

func TestExec(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	t.Setenv("LINECHECK_VAR_password", "swordfish")
	t.Setenv("PATH", os.Getenv("PATH"))
	t.Setenv("HOME", "/nowhere")
	t.Setenv("LANG", "C.UTF-8")
	for name, test := range map[string]struct {
		args map[string]cty.Value
		want want
	}{
		"true":         {command("true"), want{"exit_code": 0.0, "stdout": "", "stderr": "", "truncated": false}},
		"false":        {command("false"), want{"exit_code": 1.0}},
		"code":         {helper(t, "code"), want{"exit_code": 7.0}},
		"signal":       {helper(t, "die"), want{"exit_code": nil, "stdout": ""}},
		"both outputs": {helper(t, "say", "a\n\nb\r\n", "c\n\n"), want{"stdout": "a\n\nb", "stderr": "c"}},
		"no shell":     {helper(t, "say", "$HOME; *", "`id`"), want{"stdout": "$HOME; *", "stderr": "`id`"}},
		"no text":      {helper(t, "say", "\x1b[2J\xff\tx\r", "\u009b\u202e"), want{"stdout": `\x1b[2J\xff` + "\tx" + `\r`, "stderr": `\u009b\u202e`}},
		"environment":  {helper(t, "environment"), want{"stdout": "PATH=" + os.Getenv("PATH") + "\nHOME=/nowhere\nLANG=C.UTF-8"}},
		"no input":     {helper(t, "read"), want{"stdout": "0 <nil>"}},
	} {
		t.Run(name, func(t *testing.T) {
			result := mustAsk(t, "exec", &engine.World{}, "", test.args)
			test.want.check(t, "result", result)
			if ms := plain(result.GetAttr("duration_ms")).(float64); ms <= 0 || ms > 60_000 {
				t.Errorf("duration_ms = %v", ms)
			}
		})
	}
}

// What is written beyond max_output is dropped, between two characters, and
// the command ends all the same.
func TestExecFlood(t *testing.T) {
	args := helper(t, "flood")
	args["max_output"] = cty.StringVal("1001B")
	result := mustAsk(t, "exec", &engine.World{}, "", args)
	kept := strings.Repeat("é", 500)
	want{"exit_code": 0.0, "stdout": kept, "stderr": kept, "truncated": true}.check(t, "result", result)
}

func TestExecNotStarted(t *testing.T) {
	dir := t.TempDir()
	plainFile := dir + "/plain"
	if err := os.WriteFile(plainFile, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for program, want := range map[string]string{
		"no-such-command-here": `the command "no-such-command-here" was not found in PATH`,
		dir + "/none":          `the command "` + dir + `/none" can't be started: no such file or directory`,
		plainFile:              `the command "` + plainFile + `" can't be started: permission denied`,
	} {
		if _, err := ask(t, t.Context(), "exec", &engine.World{}, "", command(program)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", program, err, want)
		}
	}
}

// What a command leaves behind is ended with it, and what escapes its group
// does not hold the answer up.
func TestExecLeavesNothingBehind(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	started := time.Now()
	result := mustAsk(t, "exec", &engine.World{}, "", helper(t, "leave"))
	want{"exit_code": 0.0}.check(t, "result", result)
	if took := time.Since(started); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
	var ours, escaped int
	if _, err := fmt.Sscan(result.GetAttr("stdout").AsString(), &ours, &escaped); err != nil {
		t.Fatal(err)
	}
	defer syscall.Kill(escaped, syscall.SIGKILL)
	awaitEnd(t, ours)
}

// The end of the check's time ends the command and its children, and what they
// had written proves nothing.
func TestExecCutOff(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	// The shell hands the child's process id on to us, by a file it can open.
	args := helper(t, "wait")
	words := []string{"sh", "-c", fmt.Sprintf(`exec "$@" >/proc/%d/fd/%d`, os.Getpid(), writer.Fd()), "sh"}
	for _, word := range args["command"].AsValueSlice() {
		words = append(words, word.AsString())
	}
	var child int
	go func() {
		line, _ := bufio.NewReader(reader).ReadString('\n')
		fmt.Sscan(line, &child)
		cancel()
	}()
	result, err := ask(t, ctx, "exec", &engine.World{}, "", command(words...))
	writer.Close()
	if err != nil {
		t.Fatal(err)
	}
	want{"exit_code": unknown, "stdout": unknown, "stderr": unknown, "truncated": unknown, "duration_ms": unknown}.check(t, "result", result)
	if child == 0 {
		t.Fatal("it was cut off before it began")
	}
	awaitEnd(t, child)
}

// awaitEnd waits until a process is gone, or is a zombie that init has yet to
// reap.
func awaitEnd(t *testing.T, pid int) {
	t.Helper()
	deadline := time.Now().Add(hung)
	for time.Now().Before(deadline) {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if errors.Is(err, os.ErrNotExist) || strings.Contains(string(status), ") Z ") {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("process %d lives on", pid)
}

func TestExecArguments(t *testing.T) {
	for _, test := range []struct {
		words []string
		want  string
	}{
		{[]string{"a", "", "b"}, ""},
		{nil, `must name a program: ["PROGRAM", "ARGUMENT"]`},
		{[]string{" "}, "must begin with the name of a program"},
		{[]string{"a", "b\x00"}, "must not hold a NUL character"},
	} {
		list := cty.ListValEmpty(cty.String)
		if test.words != nil {
			list = command(test.words...)["command"]
		}
		got := ""
		if err := commandLine(list); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%q: %q, want %q", test.words, got, test.want)
		}
	}
}
