//go:build unix

package farend

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

// stub is a transport: a shell that runs a script, in which "far" is the far
// side. What Dial adds to a command is in $0 and $*. The folders of its path are
// those that everybody may look into, which root's need not be.
func stub(t *testing.T, version, script string) []string {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return []string{"sh", "-c", fmt.Sprintf("PATH=/usr/bin:/bin; far() { %s=%s %s; }\n%s", farVar, version, program, script)}
}

// hail is the line with which a far side greets.
func hail(t *testing.T) string {
	t.Helper()
	line, err := encode(testSide("1.0").greeting())
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "hail")
	if err := os.WriteFile(name, line, 0o600); err != nil {
		t.Fatal(err)
	}
	return "cat " + name
}

func TestDial(t *testing.T) {
	s, err := Dial(t.Context(), testSide("1.0"), allKinds(), stub(t, "1.1", `echo "$0 $*" >&2; far`))
	if err != nil {
		t.Fatal(err)
	}
	q := engine.Query{Target: "x", Args: map[string]cty.Value{"n": cty.NumberIntVal(1), "words": cty.NullVal(cty.List(cty.String))}}
	if got, err := observe(t.Context(), s, echoKind, q); err != nil || got.GetAttr("target").AsString() != "x" {
		t.Errorf("%#v, %v", got, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
}

func TestCommandLine(t *testing.T) {
	side := testSide("1.0")
	for _, allowed := range []bool{false, true} {
		side.AllowExec, side.AllowRead = allowed, nil
		if allowed {
			side.AllowRead = []string{"/var/log/mail $(reboot).log"}
		}
		_, err := Dial(t.Context(), side, nil, []string{"sh", "-c", `echo "called $0 $*" >&2`})
		want := "called linecheck vantage"
		if allowed {
			want += " --allow-exec --allow-read=/"
		}
		if err == nil || !strings.Contains(err.Error(), want+"; exit status 0") {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// What goes wrong before the far side has greeted is said in the words of what
// went wrong.
func TestDialFails(t *testing.T) {
	for name, tc := range map[string]struct {
		script  string
		timeout time.Duration // of the context; 0: none
		want    string
		ends    bool // nothing may follow it
	}{
		"refused":            {script: `echo 'ssh: connect to host h port 22: Connection refused' >&2; exit 255`, want: "ssh: connect to host h port 22: Connection refused; exit status 255"},
		"says nothing":       {script: `exit 1`, want: ": exit status 1"},
		"ends as if well":    {script: `exit 0`, want: ": it ended without a word; exit status 0"},
		"greets as we do":    {script: `cat`, want: "it sends back what it is sent"},
		"only a banner":      {script: `echo 'This account is currently not available.'; exit 1`, want: `it sent what linecheck does not: "This account is currently not available."; exit status 1`},
		"missing, a banner":  {script: `echo 'Welcome to box!'; exec sh -c linecheck`, want: "there is no linecheck on the other computer (sh: "},
		"missing in German":  {script: `echo 'bash: Zeile 1: linecheck: Kommando nicht gefunden.' >&2; exit 127`, want: "there is no linecheck on the other computer (bash: Zeile 1: "},
		"missing, fish":      {script: `echo 'fish: Unknown command: linecheck' >&2; exit 127`, want: "there is no linecheck on the other computer (fish: "},
		"missing, csh":       {script: `echo 'linecheck: Command not found.' >&2; exit 1`, want: "there is no linecheck on the other computer (linecheck: Command not found.)"},
		"missing, csh in de": {script: `echo 'linecheck: Kommando nicht gefunden.' >&2; exit 1`, want: "If this says that linecheck is not found over there, put one"},
		"missing, docker":    {script: `echo 'OCI runtime exec failed: exec: "linecheck": executable file not found in $PATH: unknown' >&2; exit 127`, want: "there is no linecheck on the other computer (OCI "},
		"missing, wordless":  {script: `exit 127`, want: "exit status 127. It is that of a command that is not found. If that is linecheck, put one"},
		"sudo is missing":    {script: `echo 'sh: 1: sudo: not found' >&2; exit 127`, want: "sudo: not found; exit status 127", ends: true},
		"missing, dockerd":   {script: `echo 'OCI runtime exec failed: exec failed: exec: "linecheck": executable file not found in $PATH: unknown'; exit 127`, want: "there is no linecheck on the other computer (OCI "},
		"not runnable":       {script: `echo 'sh: 1: linecheck: Permission denied' >&2; exit 126`, want: "linecheck is over there but may not be run"},
		"not runnable, de":   {script: `echo 'bash: /opt/linecheck: Keine Berechtigung' >&2; exit 126`, want: "linecheck is over there but may not be run"},
		"ssh's own denial":   {script: `echo 'a@h: Permission denied (publickey).' >&2; exit 255`, want: ": a@h: Permission denied (publickey).; exit status 255", ends: true},
		"another processor":  {script: `echo 'bash: linecheck: cannot execute binary file: Exec format error' >&2; exit 126`, want: "made for another kind of processor"},
		"another is missing": {script: `exec sh -c linecheck-not-there-linecheck`, want: "exit status 127", ends: true},
		"a key is missing":   {script: `echo 'Identity file /etc/linecheck/id: No such file' >&2; exit 255`, want: ": Identity file /etc/linecheck/id: No such file; exit status 255", ends: true},
		"missing in netns":   {script: `echo 'exec of "linecheck" failed: No such file or directory' >&2; exit 255`, want: "there is no linecheck on the other computer"},
		"killed":             {script: `kill -9 $$`, want: "signal: killed"},
		"garbage":            {script: `echo 'Welcome to \033[31mbox!'; cat`, want: `it sent what linecheck does not: "Welcome to \x1b[31mbox!"`},
		"JSON that is not":   {script: `echo '{"answer":{"id":1}}'; cat`, want: "it did not greet"},
		"an endless line":    {script: `yes x | tr -d '\n'`, want: fmt.Sprintf("a line of more than %d bytes", maxLine)},
		"1 GB of lines":      {script: `yes | head -c 1000000000`, want: `it sent what linecheck does not: "y"`},
		"another version":    {script: `echo '{"hello":{"protocol":99,"linecheck":"9.9\u001b[2J","kinds":{}}}'; cat >/dev/null`, want: `linecheck 9.9\x1b[2J over there and 1.0 here do not understand each other (protocol 99 and 1)`},
		"an older linecheck": {script: `echo 'Error: Unknown command' >&2; exit 2`, want: "Error: Unknown command; exit status 2"},
		"hangs":              {script: `sleep 1000`, timeout: 200 * time.Millisecond, want: "interrupted before it answered"},
		"hangs deaf":         {script: `trap '' TERM HUP INT PIPE; (trap '' TERM HUP; sleep 1000) & sleep 1000`, timeout: 200 * time.Millisecond, want: "interrupted before it answered"},
		"says why and hangs": {script: `echo 'password:' >&2; sleep 1000`, timeout: 3 * time.Second, want: "password:; interrupted before it answered"},
		"half a greeting":    {script: `printf '{"hello":'`, want: `it sent what linecheck does not: "{\"hello\":"`},
		"closes its output":  {script: `exec >&-; sleep 1000`, want: "it closed its output"},
		"no terminal":        {script: `cat /dev/tty`, want: "/dev/tty"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			if tc.timeout > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, tc.timeout)
				defer cancel()
			}
			start := time.Now()
			_, err := Dial(ctx, testSide("1.0"), allKinds(), stub(t, "1.0", tc.script))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%v, want %s", err, tc.want)
			}
			if tc.ends && !strings.HasSuffix(err.Error(), tc.want) {
				t.Errorf("advice where the words say it all: %v", err)
			}
			if err != nil && strings.ContainsAny(err.Error(), "\x1b\x07") {
				t.Errorf("control characters in %q", err)
			}
			if took := time.Since(start); took > greetTimeout/2 {
				t.Errorf("took %v", took)
			}
		})
	}
}

// What a start-up file over there prints does not hold linecheck up.
func TestStartUpFilePrints(t *testing.T) {
	s, err := Dial(t.Context(), testSide("1.0"), allKinds(), stub(t, "1.1", `echo 'Welcome!'; echo '{"json": 1}'; echo; far`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := observe(t.Context(), s, echoKind, engine.Query{Target: "x", Args: map[string]cty.Value{
		"n": cty.NumberIntVal(1), "words": cty.NullVal(cty.List(cty.String))}}); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// A "via" that names linecheck itself is told so.
func TestViaNamesLinecheck(t *testing.T) {
	_, err := Dial(t.Context(), testSide("1.0"), nil, []string{"sh", "-c", "echo 'Error: Unknown command' >&2; exit 2", "/opt/linecheck"})
	if err == nil || !strings.Contains(err.Error(), "leave its last word out") {
		t.Errorf("got %v", err)
	}
}

func TestNoTransport(t *testing.T) {
	_, err := Dial(t.Context(), testSide("1.0"), nil, []string{"no-such-transport", "x"})
	if want := "there is no program no-such-transport on this computer, through which the other one is reached"; err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

// What goes wrong after the far side has greeted leaves the probe without an
// answer, and is what Close says.
func TestLost(t *testing.T) {
	for name, tc := range map[string]struct{ script, want string }{
		"killed":             {`; kill -9 $$`, "signal: killed"},
		"ends":               {`; echo 'Connection to h closed by remote host.' >&2; exit 255`, "Connection to h closed by remote host.; exit status 255"},
		"garbage":            {`; printf '\033]0;x\007\n'; cat >/dev/null`, "it sent what linecheck does not"},
		"unasked":            {`; echo '{"answer":{"id":77,"result":{}}}'; cat >/dev/null`, "an answer to what nobody asked"},
		"1 GB":               {`; yes x | tr -d '\n'`, "a line of more than"},
		"greets again":       {`; HAIL; cat >/dev/null`, "it sent what linecheck does not"},
		"closes its output":  {`; exec >&-; sleep 1000`, "it closed its output"},
		"1 GB of complaints": {`; yes complaint | head -c 100000000 >&2; exit 3`, "complaint"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hello := hail(t)
			s, err := Dial(t.Context(), testSide("1.0"), allKinds(), stub(t, "1.0", hello+"; read greeting; read query"+strings.ReplaceAll(tc.script, "HAIL", hello)))
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			_, err = observe(ctx, s, hangKind, engine.Query{})
			if err == nil || !strings.Contains(err.Error(), "the other computer is gone: ") || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%v, want %s", err, tc.want)
			}
			if err := s.Close(); err == nil || !strings.Contains(err.Error(), tc.want) || strings.ContainsAny(err.Error(), "\x1b\x07") {
				t.Errorf("close: %v, want %s", err, tc.want)
			}
		})
	}
}

// A result that does not fit is the fault of one probe.
func TestResultThatDoesNotFit(t *testing.T) {
	s, err := Dial(t.Context(), testSide("1.0"), allKinds(), stub(t, "1.0", hail(t)+`; read greeting; read query; echo '{"answer":{"id":1,"result":{"n":"\u001b[2J"}}}'; cat >/dev/null`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = observe(t.Context(), s, hangKind, engine.Query{})
	if want := `the other computer's answer is no result of "hang": n is not a number`; err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// Nothing that the command started outlives the session, also where it does not
// want to end.
func TestNothingIsLeft(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	script := fmt.Sprintf(`trap '' TERM HUP INT; echo $$ >>%[1]s
(trap '' TERM HUP INT; sh -c 'echo $$ >>%[1]s; exec sleep 1000' >/dev/null) &
if command -v setsid >/dev/null && [ -d /proc/self ]; then setsid sh -c 'echo $$ >>%[1]s; exec sleep 1000' >/dev/null 2>&1 & fi
far; sleep 1000`, pids)
	s, err := Dial(t.Context(), testSide("1.0"), allKinds(), stub(t, "1.0", script))
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took > greetTimeout {
		t.Errorf("closing took %v", took)
	}
	text, err := os.ReadFile(pids)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Fields(string(text)) {
		pid, err := strconv.Atoi(line)
		if err != nil {
			t.Fatal(err)
		}
		if !gone(pid) {
			t.Errorf("process %d is left", pid)
		}
	}
}

// gone reports whether a process has ended; it waits for the kernel to finish
// with one that was killed, whose parent need not have buried it.
func gone(pid int) bool {
	for range 200 {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil && syscall.Kill(pid, 0) == syscall.ESRCH || strings.Contains(string(stat), ") Z ") {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

// BenchmarkObserve is what one observation costs more for being made by another
// process, without a network between.
func BenchmarkObserve(b *testing.B) {
	program, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	s, err := Dial(b.Context(), testSide("1.0"), allKinds(), []string{"env", farVar + "=1.0", "sh", "-c", "exec " + program})
	if err != nil {
		b.Fatal(err)
	}
	q := engine.Query{Target: "x", Args: map[string]cty.Value{"n": cty.NumberIntVal(1), "words": cty.NullVal(cty.List(cty.String))}}
	for b.Loop() {
		if _, err := observe(b.Context(), s, echoKind, q); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}
