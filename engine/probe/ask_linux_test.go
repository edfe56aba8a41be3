package probe

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
	"github.com/linecheck/linecheck/engine/probe/internal/ping"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"go.uber.org/goleak"
)

// A question is one query of one probe, asked by a process of its own: a probe
// with several goroutines can't be inside of a network namespace otherwise,
// nor be an ordinary user.
type question struct {
	Kind, Target string
	Args         map[string]string    // the others have their defaults
	CancelAfter  time.Duration        `json:",omitempty"` // interrupt
	Deadline     time.Duration        `json:",omitempty"`
	Times        int                  `json:",omitempty"` // so many side by side
	Shared       bool                 `json:",omitempty"` // pings share a socket, however few
	as           *syscall.Credential  // nil: root
	in           *netnstest.Namespace // where
}

// hung is longer than anything takes that waits for no more than it should, on a
// computer that has ten times as much to do as it can, and far less than what
// never ends takes.
const hung = 30 * time.Second

var nobody = &syscall.Credential{Uid: 65534, Gid: 65534}

// An observation is what the probe returned. Result is as plain has it.
type observation struct {
	Result  map[string]any
	Err     string
	Elapsed time.Duration
}

// at is one attribute of a nested object: at("icmp", "sender").
func (o observation) at(names ...string) any {
	var v any = o.Result
	for _, name := range names {
		object, ok := v.(map[string]any)
		if !ok {
			return fmt.Sprintf("no object holds %s", name)
		}
		v = object[name]
	}
	return v
}

const questionVariable = "LINECHECK_TEST_QUESTION"

func TestMain(m *testing.M) {
	if text := os.Getenv(questionVariable); text != "" {
		answer(text)
		return
	}
	if os.Getenv(crowdVariable) != "" {
		var c crowd
		if err := json.NewDecoder(os.Stdin).Decode(&c); err != nil {
			panic(err)
		}
		c.ping()
		return
	}
	netnstest.RunMore()
	code := m.Run()
	if exe := copyOfUs.dir; exe != "" {
		os.RemoveAll(exe)
	}
	os.Exit(code)
}

// answer asks the question and prints what was observed.
func answer(text string) {
	var q question
	if err := json.Unmarshal([]byte(text), &q); err != nil {
		panic(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if q.CancelAfter > 0 {
		time.AfterFunc(q.CancelAfter, cancel)
	}
	if q.Deadline > 0 {
		ctx, cancel = context.WithTimeout(ctx, q.Deadline)
		defer cancel()
	}
	probe := kindNamed(q.Kind)
	if q.Shared {
		probe.Observe = observePing(ping.NewPool(0))
	}
	observations := make([]observation, max(q.Times, 1))
	var wg sync.WaitGroup
	for i := range observations {
		wg.Go(func() { observations[i] = q.observe(ctx, probe) })
	}
	wg.Wait()
	if err := goleak.Find(); err != nil {
		panic(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(observations); err != nil {
		panic(err)
	}
}

func (q question) observe(ctx context.Context, probe *engine.Probe) observation {
	start := time.Now()
	result, err := probe.Observe(ctx, &engine.World{}, engine.Query{Target: q.Target, Args: arguments(probe.Kind, q.Args)})
	o := observation{Elapsed: time.Since(start)}
	if !result.Type().Equals(probe.ResultType()) {
		panic(fmt.Sprintf("result is a %#v", result.Type()))
	}
	if misfit := probe.Misfit(result, nil); err == nil && misfit != nil {
		panic(fmt.Sprintf("%s: the result has %v", probe.Name, misfit))
	}
	o.Result = plain(result).(map[string]any)
	if err != nil {
		o.Err = err.Error()
	}
	return o
}

func kindNamed(name string) *engine.Probe {
	for _, p := range All() {
		if p.Name == name {
			return p
		}
	}
	panic("no kind " + name)
}

// arguments are those given and the defaults of the others, as the engine has
// them.
func arguments(kind *language.Kind, given map[string]string) map[string]cty.Value {
	args := make(map[string]cty.Value)
	for _, a := range kind.Args {
		text, ok := given[a.Name]
		switch {
		case ok:
			v, err := convert.Convert(cty.StringVal(text), a.Type)
			if err != nil {
				panic(err)
			}
			if err := a.Validate(v); err != nil {
				panic(fmt.Sprintf("%s %v", a.Name, err))
			}
			args[a.Name] = v
		case a.Default != cty.NilVal:
			args[a.Name] = a.Default
		default:
			args[a.Name] = cty.NullVal(a.Type)
		}
	}
	return args
}

// copyOfUs is the test binary where an ordinary user may run it.
var copyOfUs struct {
	once sync.Once
	dir  string
	err  error
}

func executable(t testing.TB) string {
	t.Helper()
	c := &copyOfUs
	c.once.Do(func() {
		// A process forked meanwhile would keep the file open for writing, and
		// a file that is can't be run.
		syscall.ForkLock.RLock()
		defer syscall.ForkLock.RUnlock()
		if c.dir, c.err = os.MkdirTemp("", "linecheck-probe-test"); c.err != nil {
			return
		}
		var from, to *os.File
		if c.err = os.Chmod(c.dir, 0o755); c.err != nil {
			return
		}
		if from, c.err = os.Open("/proc/self/exe"); c.err != nil {
			return
		}
		defer from.Close()
		if to, c.err = os.OpenFile(filepath.Join(c.dir, "probe.test"), os.O_CREATE|os.O_WRONLY, 0o755); c.err != nil {
			return
		}
		defer to.Close()
		_, c.err = io.Copy(to, from)
	})
	if c.err != nil {
		t.Fatal(c.err)
	}
	return filepath.Join(c.dir, "probe.test")
}

// askProcess asks a question and waits for what is observed.
func askProcess(t testing.TB, q question) observation {
	t.Helper()
	return askProcesses(t, q)[0]
}

// askProcesses asks a question q.Times, side by side. The process must leave no
// goroutine behind and print nothing else.
func askProcesses(t testing.TB, q question) []observation {
	t.Helper()
	text, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(executable(t))
	cmd.Env = append(os.Environ(), questionVariable+"="+string(text),
		"GORACE=atexit_sleep_ms=0") // else one second each
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Dir = "/"
	if q.as != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: q.as}
	}
	q.in.Do(func() { err = cmd.Run() })
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%s %s: %v\n%s", q.Kind, q.Target, err, stderr.Bytes())
	}
	var observations []observation
	if err := json.Unmarshal(stdout.Bytes(), &observations); err != nil {
		t.Fatalf("%v in %q", err, strings.TrimSpace(stdout.String()))
	}
	return observations
}
