package process

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/rules/rulestest"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if err := Adopt(); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// hang is what a process of a script does that must not be left: it says who it
// is, and ends by itself only long after the test.
const hang = `sh -c "echo \$\$ >>pids; exec sleep 120"`

// run starts a script in a folder of its own, and waits until that many of its
// processes hang.
func run(t *testing.T, ctx context.Context, script string, hanging int) (*Tree, []int) {
	t.Helper()
	if _, err := exec.LookPath("setsid"); err != nil {
		rulestest.Missing(t, "setsid(1) is not installed (util-linux)")
	}
	cmd := exec.CommandContext(ctx, "sh", "-c", strings.ReplaceAll(script, "HANG", hang))
	cmd.Dir = t.TempDir()
	tree, err := Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	for limit := time.Now().Add(time.Minute); time.Now().Before(limit); time.Sleep(time.Millisecond) {
		text, _ := os.ReadFile(filepath.Join(cmd.Dir, "pids"))
		if bytes.Count(text, []byte("\n")) < hanging {
			continue
		}
		var pids []int
		for _, line := range strings.Fields(string(text)) {
			pid, err := strconv.Atoi(line)
			if err != nil {
				t.Fatal(err)
			}
			pids = append(pids, pid)
		}
		t.Cleanup(func() {
			for _, pid := range pids {
				if lives(pid) { // the test has failed
					syscall.Kill(pid, syscall.SIGKILL)
				}
			}
		})
		return tree, pids
	}
	tree.End()
	t.Fatal("the script's processes did not start")
	return nil, nil
}

func lives(pid int) bool {
	p, ok := readProcess(pid)
	return ok && !p.dead
}

// Nothing is left of a command, whatever it has started and however that has got
// away from it, where it ends by itself and where it is ended.
func TestNothingIsLeft(t *testing.T) {
	for name, tc := range map[string]struct {
		script  string
		hanging int
	}{
		"a child":                      {`HANG &`, 1},
		"in a group of its own":        {`set -m; HANG &`, 1},
		"in a session of its own":      {`setsid HANG &`, 1},
		"an orphan there":              {`(setsid HANG &)`, 1},
		"a daemon":                     {`(setsid sh -c '(HANG &)' </dev/null >/dev/null 2>&1 &)`, 1},
		"without any file":             {`(setsid sh -c 'exec <&- >&- 2>&-; HANG &' &)`, 1},
		"without environment":          {`(env -i PATH="$PATH" setsid HANG &)`, 1},
		"in another folder":            {`p=$PWD/pids; (cd /; setsid sh -c 'echo $$ >>'$p'; exec sleep 120' &)`, 1},
		"that heeds nothing":           {`(trap '' HUP INT TERM; setsid HANG & HANG &)`, 2},
		"sessions in sessions":         {`setsid sh -c 'setsid sh -c "setsid sh -c \"echo \\\$\\\$ >>pids; sleep 120\" & sleep 120" & sleep 120' &`, 1},
		"stopped":                      {`(setsid sh -c 'echo $$ >>pids; kill -STOP $$' &)`, 1},
		"that goes on starting":        {`(setsid sh -c 'echo $$ >>pids; for i in $(seq 3000); do setsid sleep 0.05 & sleep 0.01; done' &)`, 1},
		"many of them":                 {`for i in 1 2 3 4 5; do (setsid HANG &); HANG & done`, 10},
		"with parentheses in its name": {`cp "$(command -v sleep)" 'a) Z 1 1 1 ('; (setsid sh -c 'echo $$ >>pids; exec "./a) Z 1 1 1 (" 120' &)`, 1},
	} {
		for _, how := range []string{"ends by itself", "is ended"} {
			t.Run(name+", "+how, func(t *testing.T) {
				t.Parallel()
				script := tc.script
				if how == "is ended" {
					script += "\nwait; sleep 120"
				}
				tree, pids := run(t, t.Context(), script, tc.hanging)
				if how == "ends by itself" {
					<-tree.Exited()
				}
				tree.End()
				if _, ok := readProcess(tree.cmd.Process.Pid); ok {
					t.Error("the command was not waited for")
				}
				// What other trees, which run beside it, might have started as well
				// goes when they have ended.
				for _, pid := range pids {
					for limit := time.Now().Add(time.Minute); lives(pid); time.Sleep(time.Millisecond) {
						if time.Now().After(limit) {
							t.Fatalf("process %d is left", pid)
						}
					}
				}
			})
		}
	}
}

// The end of the command's context is that of the tree.
func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	tree, pids := run(t, ctx, `(setsid HANG &); HANG & wait`, 2)
	cancel()
	<-tree.Exited()
	if err := tree.End(); err == nil {
		t.Error("it ended well")
	}
	if err := tree.End(); err == nil {
		t.Error("it ended well, asked again")
	}
	for _, pid := range pids {
		if lives(pid) {
			t.Errorf("process %d is left", pid)
		}
	}
}

// What is another tree's stays until that ends, and what this program started
// otherwise stays.
func TestOthersAreLeftAlone(t *testing.T) {
	first, theirs := run(t, t.Context(), `(setsid HANG &); sleep 120`, 1)
	child := exec.Command("sleep", "120")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	grouped := exec.Command("sleep", "120")
	grouped.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := grouped.Start(); err != nil {
		t.Fatal(err)
	}
	second, ours := run(t, t.Context(), `sh -c 'echo $$ >>pids; exec sleep 120' &`, 1)
	second.End()
	if lives(ours[0]) {
		t.Error("a child is left")
	}
	for what, pid := range map[string]int{"another tree's daemon": theirs[0], "another tree": first.cmd.Process.Pid, "a child of the program": child.Process.Pid, "one in its own group": grouped.Process.Pid} {
		if !lives(pid) {
			t.Errorf("%s was killed", what)
		}
	}
	first.End()
	if lives(theirs[0]) {
		t.Error("the other tree's daemon is left")
	}
	for _, cmd := range []*exec.Cmd{child, grouped} {
		if !lives(cmd.Process.Pid) {
			t.Error("a child of the program was killed")
		}
		cmd.Process.Kill()
		cmd.Wait()
	}
}

// A command that has ended keeps its number until End: a signal for its group
// hits nobody else's.
func TestNumberIsKept(t *testing.T) {
	cmd := exec.Command("true")
	tree, err := Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	<-tree.Exited()
	if p, ok := readProcess(cmd.Process.Pid); !ok || !p.dead || p.parent != os.Getpid() {
		t.Errorf("%+v, %v", p, ok)
	}
	if err := tree.End(); err != nil {
		t.Error(err)
	}
	if _, ok := readProcess(cmd.Process.Pid); ok {
		t.Error("it was not waited for")
	}
}

func TestNotStarted(t *testing.T) {
	if tree, err := Start(exec.Command("/no/such/program")); err == nil || tree != nil {
		t.Errorf("%v, %v", tree, err)
	}
}

func TestBelow(t *testing.T) {
	all := []process{{pid: 1}, {pid: 9, parent: 7}, {pid: 7, parent: 5, session: 7}, {pid: 5, parent: 1, session: 5}, {pid: 6, parent: 1, session: 5}, {pid: 8, parent: 1, session: 8}}
	var got []int
	for _, p := range below(5, all) {
		got = append(got, p.pid)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]int{5, 6, 7, 9}, got); diff != "" {
		t.Error(diff)
	}
}
