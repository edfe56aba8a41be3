package probe

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
	"github.com/linecheck/linecheck/engine/probe/internal/ping"
	"github.com/linecheck/linecheck/rules/rulestest"
	"github.com/zclconf/go-cty/cty"
	"go.uber.org/goleak"
)

// A crowd is many pings at the same time, by a process of their own as a
// question's are.
type crowd struct {
	Targets []string
	Args    map[string]string
	Shared  bool // all of them share a socket
	// Busy keeps every processor of the process busy meanwhile, and the garbage
	// collector as well.
	Busy bool
	// Early is how many of them begin a little before the others.
	Early int
	// Bare leaves out what makes check files' values of the arguments and results.
	Bare bool

	as *syscall.Credential
	in *netnstest.Namespace
}

// A crowdOutcome is what came of a crowd.
type crowdOutcome struct {
	Pings     []crowdPing // as the targets
	Wall, CPU time.Duration
	MemoryMB  float64 // the most that the process had
}

type crowdPing struct {
	Sent, Received int // Received may be unknownCount
	Duplicates     int
	RTTMax         float64 // milliseconds
	Shared         bool
	LocalError     string
	Err            string
}

// unknownCount stands for a number that is unknown.
const unknownCount = -1

const crowdVariable = "LINECHECK_TEST_CROWD"

// ping asks for all at once and prints what came of it.
func (c crowd) ping() {
	p := ping.NewPool(ping.OwnSockets)
	if c.Shared {
		p = ping.NewPool(0)
	}
	ask := crowdPinged
	if c.Bare {
		ask = barePing
	}
	args := arguments(pingKind, c.Args)
	outcome := crowdOutcome{Pings: make([]crowdPing, len(c.Targets))}
	if c.Busy {
		defer keepBusy()()
	}
	start, cpu := time.Now(), processCPU()
	var all sync.WaitGroup
	for i, target := range c.Targets {
		all.Go(func() { outcome.Pings[i] = ask(p, target, args) })
		if i+1 == c.Early {
			time.Sleep(20 * time.Millisecond)
		}
	}
	all.Wait()
	outcome.Wall, outcome.CPU = time.Since(start), processCPU()-cpu
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	outcome.MemoryMB = float64(usage.Maxrss) / 1024
	if !c.Busy {
		if err := goleak.Find(); err != nil {
			panic(err)
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(outcome); err != nil {
		panic(err)
	}
}

// crowdPinged asks as the engine does.
func crowdPinged(p *ping.Pool, target string, args map[string]cty.Value) crowdPing {
	result, err := observePing(p)(context.Background(), &engine.World{}, engine.Query{Target: target, Args: args})
	if err != nil {
		return crowdPing{Err: err.Error()}
	}
	number := func(name string) float64 {
		v := result.GetAttr(name)
		if !v.IsKnown() {
			return unknownCount
		}
		if v.IsNull() {
			return 0
		}
		n, _ := v.AsBigFloat().Float64()
		return n
	}
	return crowdPing{
		Sent: int(number("sent")), Received: int(number("received")), Duplicates: int(number("duplicates")),
		RTTMax: number("rtt_max_ms"), LocalError: stringArg(result.GetAttr("local_error")), Shared: result.GetAttr("socket").AsString() == "shared",
	}
}

// barePing asks without a check file's values around it, as a program of C would.
func barePing(p *ping.Pool, target string, args map[string]cty.Value) crowdPing {
	o, err := p.Ping(context.Background(), ping.Options{
		Destination: netip.MustParseAddr(target),
		Count:       intArg(args["count"]), Size: intArg(args["size"]), TTL: intArg(args["ttl"]),
		Interval: durationArg(args["interval"]), PacketTimeout: durationArg(args["packet_timeout"]),
	})
	if err != nil {
		return crowdPing{Err: err.Error()}
	}
	return crowdPing{Sent: o.Sent, Received: len(o.RTTs), Duplicates: o.Duplicates, Shared: o.Shared}
}

func processCPU() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// keepBusy computes and allocates on more goroutines than there are processors,
// until stop is called.
func keepBusy() (stop func()) {
	stopped := make(chan struct{})
	var all sync.WaitGroup
	for range 2 * runtime.GOMAXPROCS(0) {
		all.Go(func() {
			var keep [][]byte
			for {
				select {
				case <-stopped:
					return
				default:
				}
				for i := range 1000 {
					b := make([]byte, 1<<10)
					b[i] = byte(i)
					if keep = append(keep, b); len(keep) > 10_000 {
						keep = nil
					}
				}
			}
		})
	}
	return func() { close(stopped); all.Wait() }
}

// pingAll has a crowd ping.
func pingAll(t testing.TB, c crowd) crowdOutcome {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(executable(t))
	cmd.Env = append(os.Environ(), crowdVariable+"=1", "GORACE=atexit_sleep_ms=0")
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Dir = bytes.NewReader(text), &stdout, &stderr, "/"
	if c.as != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	}
	c.in.Do(func() { err = cmd.Run() })
	var outcome crowdOutcome
	if err == nil {
		err = json.Unmarshal(stdout.Bytes(), &outcome)
	}
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%d pings: %v\n%s", len(c.Targets), err, stderr.Bytes())
	}
	return outcome
}

// fping is what fping(8) takes for the same pings.
type fping struct {
	wall, cpu time.Duration
	lost      int
}

func runFping(t testing.TB, in *netnstest.Namespace, c crowd) fping {
	t.Helper()
	if _, err := exec.LookPath("fping"); err != nil {
		rulestest.Missing(t, "the fping command is not installed")
	}
	var stderr bytes.Buffer
	// Interval 0, which root may ask for, sends to all targets at once.
	cmd := exec.Command("fping", "-q", "-c3", "-p200", "-i0", "-t1000")
	cmd.Stdin, cmd.Stderr = strings.NewReader(strings.Join(c.Targets, "\n")), &stderr
	var f fping
	in.Do(func() {
		start := time.Now()
		cmd.Run() // its exit status tells of loss
		f.wall = time.Since(start)
	})
	f.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	reports := 0
	for line := range strings.Lines(stderr.String()) {
		var sent, received int
		if _, report, ok := strings.Cut(line, "xmt/rcv/%loss = "); ok {
			fmt.Sscanf(report, "%d/%d/", &sent, &received)
			f.lost += sent - received
			reports++
		}
	}
	if reports != len(c.Targets) {
		t.Fatalf("fping reported of %d targets, want %d:\n%s", reports, len(c.Targets), stderr.String())
	}
	return f
}

// BenchmarkThousandPings pings a thousand targets three times each, beside fping
// with the same targets, number and interval. fping's figures are those of its
// whole process, ours those from the first ping to the last result.
func BenchmarkThousandPings(b *testing.B) {
	for _, test := range []struct {
		name    string
		targets netnstest.Hosts
		raw     bool
		replies int
	}{
		{"answering", netnstest.Awake, false, 3},
		{"answering/raw", netnstest.Awake, true, 3},
		{"silent", netnstest.Silent, false, 0},
		{"IPv6", netnstest.Awake6, false, 3},
	} {
		b.Run(test.name, func(b *testing.B) {
			here, _ := netnstest.NewHosts(b)
			c := crowd{Targets: test.targets.Some(1000), Args: map[string]string{"packet_timeout": "1s"}, in: here}
			if test.raw {
				here.Sysctl("net.ipv4.ping_group_range", "1 0")
			}
			bare := c
			bare.Bare = true
			var ours crowdOutcome
			var theirs fping
			var bareCPU time.Duration
			lost, shared := 0, 0
			for b.Loop() {
				f := runFping(b, here, c)
				theirs.wall, theirs.cpu, theirs.lost = theirs.wall+f.wall, theirs.cpu+f.cpu, theirs.lost+f.lost
				bareCPU += pingAll(b, bare).CPU
				o := pingAll(b, c)
				ours.Wall, ours.CPU, ours.MemoryMB = ours.Wall+o.Wall, ours.CPU+o.CPU, max(ours.MemoryMB, o.MemoryMB)
				for _, p := range o.Pings {
					if p.Err != "" || p.Sent != 3 {
						b.Fatalf("%+v", p)
					}
					lost += test.replies - p.Received
					if p.Shared {
						shared++
					}
				}
			}
			n := float64(b.N)
			b.ReportMetric(ours.Wall.Seconds()*1000/n, "wall-ms")
			b.ReportMetric(theirs.wall.Seconds()*1000/n, "fping-wall-ms")
			b.ReportMetric(ours.Wall.Seconds()/theirs.wall.Seconds(), "wall/fping")
			b.ReportMetric(ours.CPU.Seconds()*1000/n, "cpu-ms")
			b.ReportMetric(theirs.cpu.Seconds()*1000/n, "fping-cpu-ms")
			b.ReportMetric(ours.CPU.Seconds()/theirs.cpu.Seconds(), "cpu/fping")
			b.ReportMetric(bareCPU.Seconds()*1000/n, "bare-cpu-ms")
			b.ReportMetric(bareCPU.Seconds()/theirs.cpu.Seconds(), "bare-cpu/fping")
			b.ReportMetric(ours.MemoryMB, "peak-MB")
			b.ReportMetric(float64(lost)/n, "lost")
			b.ReportMetric(float64(shared)/n, "shared")
			b.ReportMetric(0, "ns/op") // says nothing of either
		})
	}
}
