package probe

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
	"github.com/linecheck/linecheck/engine/probe/internal/ping"
	"github.com/zclconf/go-cty/cty"
	"go.uber.org/goleak"
)

// promptly is how soon a probe ends once it is told to: some milliseconds, and
// less on any computer than what ends by itself takes, a dead neighbour's 3 s.
const promptly = 2500 * time.Millisecond

// A conformanceCase is a question that a kind can be asked on the network of
// conformanceNet.
type conformanceCase struct {
	kind, target string
	args         map[string]cty.Value
	// silent: nothing ever answers, so that only the context ends it.
	silent bool
	// shared: pings share a socket.
	shared bool
}

// conformanceNet is a computer with its own loopback and an adapter behind
// which nobody answers.
func conformanceNet(t *testing.T) *netnstest.Namespace {
	here := netnstest.New(t)
	netnstest.Connect(here, "eth0", netnstest.New(t), "eth0")
	here.IP("addr add 10.1.0.10/24 dev eth0")
	return here
}

func conformanceCases(t *testing.T) []conformanceCase {
	number := func(n int) cty.Value { return cty.NumberIntVal(int64(n)) }
	args := func(nameValues ...any) map[string]cty.Value {
		m := map[string]cty.Value{}
		for i := 0; i < len(nameValues); i += 2 {
			m[nameValues[i].(string)] = nameValues[i+1].(cty.Value)
		}
		return m
	}
	servers := func(addr string) cty.Value { return cty.ListVal([]cty.Value{cty.StringVal(addr)}) }
	words := func(words ...string) cty.Value {
		var list []cty.Value
		for _, word := range words {
			list = append(list, cty.StringVal(word))
		}
		return cty.ListVal(list)
	}
	// Nobody answers for a dead host. Each is asked once: the kernel remembers for
	// a while that it could not reach one, and says so at once.
	last := 20
	deadHost := func() string {
		last++
		return "10.1.0." + strconv.Itoa(last)
	}
	greeter, mute, closed := number(listenLocally(t, politeServer)), number(listenLocally(t, silentServer)), number(closedPort(t))
	logFile := filepath.Join(t.TempDir(), "mail.log")
	if err := os.WriteFile(logFile, []byte("one\n220 two\nthree\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return []conformanceCase{
		{kind: "dns", target: "localhost", args: args("servers", servers("127.0.0.1:"+strconv.Itoa(closedPort(t))))},
		{kind: "dns", target: "192.0.2.1"},
		{kind: "dns", target: "mail.corp.example", args: args("servers", servers(deadHost())), silent: true},
		{kind: "exec", args: args("command", words("true"))},
		{kind: "exec", target: "localhost", args: args("command", words("sh", "-c", "sleep 60 & sleep 60")), silent: true},
		{kind: "interface"},
		{kind: "interface", target: "127.0.0.1"},
		{kind: "interface", target: "none"},
		{kind: "listener"},
		{kind: "log", target: logFile, args: args("pattern", cty.StringVal("^220"))},
		{kind: "log", target: logFile + ".old", args: args("pattern", cty.StringVal("^220"))},
		{kind: "mtu", target: "127.0.0.1"},
		{kind: "mtu", target: deadHost(), silent: true},
		{kind: "neighbour", target: "127.0.0.1"},
		{kind: "neighbour", target: deadHost(), silent: true},
		{kind: "ping", target: "127.0.0.1"},
		{kind: "ping", target: "192.0.2.1"}, // no route
		{kind: "ping", target: deadHost(), args: args("packet_timeout", cty.StringVal("1m")), silent: true},
		{kind: "resolver"},
		{kind: "route"},
		{kind: "route", target: "192.0.2.1"},
		{kind: "route", target: deadHost()},
		{kind: "smtp", target: "127.0.0.1", args: args("port", greeter)},
		{kind: "smtp", target: "127.0.0.1", args: args("port", closed)},
		{kind: "smtp", target: "192.0.2.1"},
		{kind: "smtp", target: "127.0.0.1", args: args("port", mute), silent: true},
		{kind: "smtp", target: deadHost(), silent: true},
		{kind: "tcp", target: "127.0.0.1", args: args("port", greeter, "expect_bytes", number(3))},
		{kind: "tcp", target: "127.0.0.1", args: args("port", closed)},
		{kind: "tcp", target: "192.0.2.1", args: args("port", number(25))},
		{kind: "tcp", target: "127.0.0.1", args: args("port", mute, "expect_bytes", number(3)), silent: true},
		{kind: "tcp", target: deadHost(), args: args("port", number(25)), silent: true},
		{kind: "trace", target: "127.0.0.1"},
		{kind: "trace", target: deadHost(), args: args("per_hop_timeout", cty.StringVal("1m")), silent: true},
		{kind: "ping", target: "127.0.0.1", shared: true},
		{kind: "ping", target: "192.0.2.1", shared: true},
		{kind: "ping", target: deadHost(), args: args("packet_timeout", cty.StringVal("1m")), silent: true, shared: true},
	}
}

// politeServer speaks enough SMTP (RFC 5321) for a short visit.
func politeServer(conn net.Conn) {
	io.WriteString(conn, "220 mail.corp.example ESMTP\r\n")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "QUIT") {
			io.WriteString(conn, "221 bye\r\n")
			return
		}
		io.WriteString(conn, "250 mail.corp.example\r\n")
	}
}

// Every kind is asked what it can be asked: answered, cut off while it waits,
// and with a context that is done before it begins.
func TestConformance(t *testing.T) {
	if !netnstest.Inside(t, func() *netnstest.Namespace { return conformanceNet(t) }) {
		return
	}
	asked := map[string]bool{}
	for _, c := range conformanceCases(t) {
		asked[c.kind] = true
		p := probeOf(t, c.kind)
		if c.shared {
			p.Observe = observePing(ping.NewPool(0))
		}
		t.Run(c.kind+" "+c.target, func(t *testing.T) {
			if c.silent {
				cut, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
				defer cancel()
				if err := c.observe(cut, t, p); err != nil {
					t.Errorf("cut off: %v, want what it has observed so far", err)
				}
				if cut.Err() == nil {
					t.Errorf("it ended without an answer and before it was cut off")
				}
			} else if err := c.observe(t.Context(), t, p); err != nil {
				t.Errorf("observe: %v", err)
			}
			over, cancel := context.WithCancel(t.Context())
			cancel()
			if err := c.observe(over, t, p); err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("over before it began: %v", err)
			}
		})
	}
	for _, p := range All() {
		if !asked[p.Name] {
			t.Errorf("%s: add what it can be asked to conformanceCases", p.Name)
		}
	}
}

// observe asks once and holds what comes back, and how, against the promises.
func (c *conformanceCase) observe(ctx context.Context, t *testing.T, p *engine.Probe) error {
	t.Helper()
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	q := query(t, p, c.target, c.args)
	ended, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-ended:
			return
		case <-ctx.Done():
		}
		select {
		case <-ended:
		case <-time.After(promptly):
			panic(p.Name + " does not obey its context")
		}
	}()
	result, err := p.Observe(ctx, &engine.World{}, q)
	close(ended)
	<-watched
	if err == nil {
		checkFits(t, p, result, q.Args)
	}
	return err
}
