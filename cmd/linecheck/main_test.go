package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

// updateVar is the environment variable under which goldens are written anew.
const updateVar = "LINECHECK_UPDATE"

// etcVar moves /etc/linecheck for a script.
const etcVar = "TEST_ETC"

// hangUpIgnored is whether the tests were started to ignore SIGHUP (nohup). So
// does what they start, until somebody waits for the signal.
var hangUpIgnored = signal.Ignored(syscall.SIGHUP)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"linecheck": func() {
			c := osConsole()
			c.etc = c.getenv(etcVar)
			os.Exit(begin(c))
		},
	})
}

func TestScripts(t *testing.T) {
	if hangUpIgnored {
		hangUps := make(chan os.Signal, 1)
		signal.Notify(hangUps, syscall.SIGHUP)
		t.Cleanup(func() { signal.Stop(hangUps) })
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       os.Getenv(updateVar) != "",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("LANG", "C.UTF-8")
			e.Setenv(etcVar, e.WorkDir+"/etc")
			e.Values[listeners{}] = map[string]chan struct{}{}
			return startRegistries(e)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":    exits,
			"listen":   listen,
			"accepted": accepted,
			"closed":   closedPort,
			"jsonis":   jsonIs,
			"keypair":  keyPair,
			"changed":  changed,
			"located":  located,
			"rehash":   rehash,

			"sameReport": sameReport,
		},
	})
}

// exits CODE program args… runs a program that must end with that code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE program args...")
	}
	code := 0
	err := ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		code = exit.ExitCode()
	default:
		ts.Check(err)
	}
	if args[0] != strconv.Itoa(code) {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

type listeners struct{}

// listen NAME [greeting] listens on loopback, sets $NAME to the port and greets
// whoever connects; without a greeting it accepts and stays silent.
func listen(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: listen NAME [greeting]")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], fmt.Sprint(l.Addr().(*net.TCPAddr).Port))
	seen := make(chan struct{}, 100)
	ts.Value(listeners{}).(map[string]chan struct{})[args[0]] = seen
	done := make(chan struct{})
	go func() {
		defer close(done)
		var open []net.Conn
		for {
			conn, err := l.Accept()
			if err != nil {
				break
			}
			open = append(open, conn)
			for _, line := range args[1:] {
				fmt.Fprintf(conn, "%s\r\n", line)
			}
			seen <- struct{}{}
		}
		for _, conn := range open {
			conn.Close()
		}
	}()
	ts.Defer(func() {
		l.Close()
		<-done
	})
}

// acceptTimeout is far more than a start of the program takes.
const acceptTimeout = time.Minute

// accepted NAME waits until somebody has connected to a listener.
func accepted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: accepted NAME")
	}
	select {
	case <-ts.Value(listeners{}).(map[string]chan struct{})[args[0]]:
	case <-time.After(acceptTimeout):
		ts.Fatalf("nobody connected to %s within %v", args[0], acceptTimeout)
	}
}

// closed NAME sets $NAME to a port of loopback on which nobody listens.
func closedPort(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: closed NAME")
	}
	// A port that a socket is bound to, but that nobody listens on, is refused
	// and is given to nobody else for the length of the script.
	l, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	ts.Check(err)
	ts.Setenv(args[0], fmt.Sprint(l.LocalAddr().(*net.UDPAddr).Port))
	ts.Defer(func() { l.Close() })
}

// jsonis FILE path value… compares values of a JSON document: a path is keys
// and indexes with dots between; a value is JSON, or - for "not there".
func jsonIs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 || len(args)%2 != 1 {
		ts.Fatalf("usage: jsonis FILE path value...")
	}
	var doc any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &doc))
	for i := 1; i < len(args); i += 2 {
		got := "-"
		if v, ok := jsonAt(doc, strings.Split(args[i], ".")); ok {
			b, err := json.Marshal(v)
			ts.Check(err)
			got = string(b)
		}
		if got != args[i+1] {
			ts.Fatalf("%s is %s, want %s", args[i], got, args[i+1])
		}
	}
}

func jsonAt(v any, path []string) (any, bool) {
	if len(path) == 0 {
		return v, true
	}
	switch v := v.(type) {
	case map[string]any:
		e, ok := v[path[0]]
		if !ok {
			return nil, false
		}
		return jsonAt(e, path[1:])
	case []any:
		if path[0] == "length" {
			return len(v), true
		}
		i, err := strconv.Atoi(path[0])
		if err != nil || i >= len(v) {
			return nil, false
		}
		return jsonAt(v[i], path[1:])
	}
	return nil, false
}

// sameReport A B compares two JSON reports but for their times, and that one is
// a replay.
func sameReport(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sameReport A B")
	}
	timeless := func(name string) any {
		var doc any
		ts.Check(json.Unmarshal([]byte(ts.ReadFile(name)), &doc))
		return withoutTimes(doc)
	}
	if diff := cmp.Diff(timeless(args[0]), timeless(args[1])); diff != "" {
		ts.Fatalf("%s and %s differ (-%[1]s +%[2]s):\n%s", args[0], args[1], diff)
	}
}

func withoutTimes(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, el := range v {
			if name == "replayed" || name == "started_at" || name == "started_ms" || name == "elapsed_ms" {
				delete(v, name)
				continue
			}
			v[name] = withoutTimes(el)
		}
	case []any:
		for i := range v {
			v[i] = withoutTimes(v[i])
		}
	}
	return v
}
