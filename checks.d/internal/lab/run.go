//go:build linux

package lab

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A Run is how linecheck is run on a computer of the network.
type Run struct {
	From string // the computer; "" means gw
	// Nobody runs it as an ordinary user without any capability, for whom the
	// kernel's ping sockets are open. Otherwise it is root, who has raw sockets
	// only: a fresh namespace denies ping sockets to everybody.
	Nobody bool
	// Vars lie over the network's own values of the runbook's variables; ""
	// leaves a variable unset. $NAME, $MAIL … are filled in.
	Vars map[string]string
	// Profile writes the values into a site profile with a vantage,
	// instead of one --var each.
	Profile bool
	Args    []string // further arguments
	Record  string   // file to record to; "" for none
}

// An Outcome is what linecheck said.
type Outcome struct {
	Report
	ExitCode int
	Elapsed  time.Duration // of the whole process
	JSON     string        // standard output
	Text     string        // the report for people
	Stderr   string
}

// A Report is the part of the JSON report that the lab compares.
type Report struct {
	Verdict string `json:"verdict"`
	Sites   []struct {
		Conclusions []struct {
			Name    string `json:"name"`
			Explain string `json:"explain"`
			Remedy  string `json:"remedy"`
		} `json:"conclusions"`
		Vantages []Vantage `json:"vantages"`
	} `json:"sites"`
}

// A Vantage is what one computer saw.
type Vantage struct {
	Vantage    string      `json:"vantage"`
	Verdict    string      `json:"verdict"`
	Reason     string      `json:"reason"` // "" where JSON has null
	RootCauses []RootCause `json:"root_causes"`
	Checks     []Check     `json:"checks"`
}

// A RootCause is a finding of the report.
type RootCause struct {
	Check   string   `json:"check"`
	Status  string   `json:"status"`
	Cause   string   `json:"cause"` // "" where JSON has null
	Explain string   `json:"explain"`
	Remedy  string   `json:"remedy"`
	Blocks  []string `json:"blocks"`
}

// A Check is a check of the report.
type Check struct {
	Address   string          `json:"address"`
	Status    string          `json:"status"`
	Cause     string          `json:"cause"`
	Reason    string          `json:"reason"`
	BlockedBy []string        `json:"blocked_by"`
	Result    json.RawMessage `json:"result"`
}

// RootCauses are those of the one vantage.
func (o *Outcome) RootCauses() []RootCause { return o.Sites[0].Vantages[0].RootCauses }

// Checks are those of the one vantage, in plan order.
func (o *Outcome) Checks() []Check { return o.Sites[0].Vantages[0].Checks }

// runTimeout is well over the 30 s within which the ladder must end.
const runTimeout = time.Minute

// Run runs the built linecheck with the embedded runbook. What isn't a report
// fails the test.
func (n *Network) Run(t testing.TB, r Run) *Outcome {
	t.Helper()
	program := Binary(t)
	host := n.Host("gw")
	if r.From != "" {
		host = n.Host(r.From)
	}
	dir := n.runDir(t)
	text := filepath.Join(dir, "report.txt")
	args := []string{program, "run", "embedded", "--format", "json", "--format", "text=" + text}
	values := n.values(host)
	for name, value := range r.Vars {
		values[name] = value
	}
	maps.DeleteFunc(values, func(_, value string) bool { return value == "" })
	if r.Profile {
		file := filepath.Join(dir, "site.hcl")
		if err := os.WriteFile(file, []byte(os.Expand(profile(host, values), n.Getenv)), 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--sites", file, "--from", vantage(host))
	} else {
		for _, name := range slices.Sorted(maps.Keys(values)) {
			args = append(args, "--var", name+"="+os.Expand(values[name], n.Getenv))
		}
	}
	if r.Record != "" {
		args = append(args, "--record", r.Record)
	}
	args = append(args, r.Args...)

	pings := "1 0" // the kernel's default: nobody
	if r.Nobody {
		pings = "0 2147483647"
		args = append([]string{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
			"--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"}, args...)
	}
	if err := host.sysctl("net/ipv4/ping_group_range", pings); err != nil {
		t.Fatal(err)
	}

	out := host.report(t, dir, args)
	if len(out.Sites[0].Vantages) != 1 {
		t.Fatalf("linecheck printed no report of one vantage:\n%s", out.JSON)
	}
	return out
}

// runDir makes a folder that anybody may write a report to.
func (n *Network) runDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp(n.dir, "run")
	if err == nil {
		err = os.Chmod(dir, 0o777)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// report runs linecheck on the host, which must write a report for people to
// report.txt in dir, and one of one site to standard output.
func (host *Host) report(t testing.TB, dir string, args []string) *Outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
	defer cancel()
	cmd := host.command(ctx, args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + path + ":" + filepath.Dir(Binary(t)), "LC_ALL=C.UTF-8", "HOME=/nonexistent"}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	err := cmd.Run()
	out := &Outcome{Elapsed: time.Since(start), JSON: stdout.String(), Stderr: stderr.String(), ExitCode: cmd.ProcessState.ExitCode()}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || out.ExitCode < 0 {
		t.Fatalf("linecheck: %v\n%s%s", err, out.JSON, out.Stderr)
	}
	if err := json.Unmarshal(stdout.Bytes(), &out.Report); err != nil || len(out.Sites) != 1 {
		t.Fatalf("linecheck (exit code %d) printed no report of one site: %v\n%s%s", out.ExitCode, err, out.JSON, out.Stderr)
	}
	if page, err := os.ReadFile(filepath.Join(dir, "report.txt")); err != nil {
		t.Fatal(err)
	} else {
		out.Text = string(page)
	}
	return out
}

// vantage is the name by which the shipped conclusions know a computer.
func vantage(h *Host) string {
	if h.Name == "gw" {
		return "gateway"
	}
	return "host"
}

// profile is a site's file with the values of one of its vantages.
func profile(h *Host, values map[string]string) string {
	var vars strings.Builder
	for _, name := range slices.Sorted(maps.Keys(values)) {
		value := values[name]
		if typed := []string{"smtp_port", "max_rtt_ms", "dns_servers"}; !slices.Contains(typed, name) {
			value = strconv.Quote(value)
		}
		fmt.Fprintf(&vars, "      %s = %s\n", name, value)
	}
	return fmt.Sprintf(`site "lab" {
  title = "The lab's network"
  vantage %q {
    vars = {
%s    }
  }
}
`, vantage(h), &vars)
}

// values are what a site's profile would say of that computer's end of the line.
func (n *Network) values(h *Host) map[string]string {
	v := map[string]string{"subnet_host": "$PEER", "default_gateway": "$ROUTER", "remote_host": "$MAIL", "mail_host": "$NAME"}
	if h.plan.ifaces[0].lan == n.plan.lans["maillan"] && h.Name != "gw" {
		v = map[string]string{"subnet_host": "$MAILPEER", "default_gateway": "$MAILROUTER", "remote_host": "$GW", "mail_host": "$GWNAME"}
	}
	if len(n.plan.routers) == 0 {
		delete(v, "default_gateway")
		delete(v, "remote_host")
	}
	return v
}

// sysctl sets a kernel parameter of the host.
func (h *Host) sysctl(name, value string) error {
	return h.inside(func() error { return os.WriteFile("/proc/sys/"+name, []byte(value), 0) })
}

// Binary builds linecheck, once in a test process, and returns its path.
// Ordinary users may run it.
func Binary(t testing.TB) string {
	t.Helper()
	program, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// build makes a folder that goes when the process does, as the networks' do.
var build = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(os.TempDir(), ourPrefix()+"0")
	program := filepath.Join(dir, "linecheck")
	_, err := guard()
	if err := errors.Join(err, publicDir(dir)); err != nil {
		return "", err
	}
	cmd := exec.Command("go", "build", "-o", program, "github.com/linecheck/linecheck/cmd/linecheck")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build linecheck: %w\n%s", err, out)
	}
	return program, os.Chmod(program, 0o755)
})

// sideBySide is how many networks are tested at the same time unless -parallel
// says otherwise. They mostly wait, so it does not follow from the number of
// cores; the kernel's neighbour table, 1024 entries for all namespaces
// together, is what bounds it.
const sideBySide = 20

// Main runs a package's tests, networks side by side; call it from TestMain.
func Main(m *testing.M) int {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		flag.Set("test.parallel", strconv.Itoa(sideBySide))
	}
	return m.Run()
}

// Hold keeps the network up for a person to play with, if LINECHECK_LAB_KEEP is
// set: until the process is interrupted, or the time limit of go test.
func (n *Network) Hold() {
	if os.Getenv("LINECHECK_LAB_KEEP") == "" {
		return
	}
	program, err := build()
	if err != nil {
		program = err.Error()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	fmt.Fprintf(os.Stderr, "%s stays up until Ctrl-C. A shell on the gateway computer:\n  ip netns exec %s bash\nlinecheck is %s, the addresses are:\n  %s\n",
		n.t.Name(), n.Host("gw").ns.name, program, strings.Join(n.env, " "))
	<-ctx.Done()
}
