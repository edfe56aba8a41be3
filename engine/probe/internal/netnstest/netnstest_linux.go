package netnstest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/linecheck/linecheck/rules/rulestest"
	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// A Namespace is a network namespace: a computer of its own as far as links,
// addresses, routes and sockets are concerned.
type Namespace struct {
	t      testing.TB
	handle netns.NsHandle
}

// New makes a namespace whose loopback is up. The test is skipped (see Skip)
// where it may not make one or ip(8) is missing.
func New(t testing.TB) *Namespace {
	t.Helper()
	if os.Geteuid() != 0 {
		rulestest.Missing(t, "network namespaces need root")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		rulestest.Missing(t, "the ip command (iproute2) is not installed")
	}

	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	home, err := netns.Get()
	if err != nil {
		t.Fatal(err)
	}
	defer home.Close()
	handle, err := netns.New()
	if err != nil {
		rulestest.Missing(t, "this machine makes no network namespace: "+err.Error())
	}
	if err := netns.Set(home); err != nil {
		// This thread is lost for everything else.
		panic(err)
	}

	n := &Namespace{t: t, handle: handle}
	t.Cleanup(func() { handle.Close() })
	// Without detection of duplicates an IPv6 address may be used at once.
	n.Sysctl("net.ipv6.conf.all.accept_dad", "0")
	n.Sysctl("net.ipv6.conf.default.accept_dad", "0")
	n.up("lo")
	return n
}

// up switches a link on.
func (n *Namespace) up(link string) {
	n.t.Helper()
	n.Do(func() {
		on, err := netlink.LinkByName(link)
		if err == nil {
			err = netlink.LinkSetUp(on)
		}
		if err != nil {
			n.t.Fatalf("%s up: %v", link, err)
		}
	})
}

// Connect puts a cable (a veth pair) between two namespaces; aLink and bLink
// are the names of its ends, which are up.
func Connect(a *Namespace, aLink string, b *Namespace, bLink string) {
	a.t.Helper()
	a.Do(func() {
		attrs := netlink.NewLinkAttrs()
		attrs.Name = aLink
		err := netlink.LinkAdd(&netlink.Veth{
			LinkAttrs:     attrs,
			PeerName:      bLink,
			PeerNamespace: netlink.NsFd(b.handle),
		})
		if err != nil {
			a.t.Fatalf("cable %s–%s: %v", aLink, bLink, err)
		}
	})
	a.up(aLink)
	b.up(bLink)
}

// Switch puts a switch between computers; link is the name of each one's own
// end, which is up. The switch is a namespace of its own whose ports are named
// port0, port1 … in the order of computers.
func Switch(t testing.TB, link string, computers ...*Namespace) *Namespace {
	t.Helper()
	s := New(t)
	s.IP("link add br0 type bridge\nlink set br0 up")
	for i, n := range computers {
		port := fmt.Sprintf("port%d", i)
		Connect(n, link, s, port)
		s.IP("link set " + port + " master br0")
	}
	return s
}

// Do runs f inside the namespace, on the calling goroutine, whose thread is
// locked meanwhile. Goroutines that f starts are not inside.
func (n *Namespace) Do(f func()) {
	n.t.Helper()
	runtime.LockOSThread()
	home, err := netns.Get()
	if err == nil {
		err = netns.Set(n.handle)
	}
	if err != nil {
		n.t.Fatal(err)
	}
	// Deferred, since f may end by t.Fatal.
	defer func() {
		if err := netns.Set(home); err != nil {
			// Left locked, the thread dies with its goroutine.
			n.t.Errorf("leave namespace: %v", err)
			return
		}
		home.Close()
		runtime.UnlockOSThread()
	}()
	f()
}

// IP runs ip(8) commands, one a line, without the leading "ip". Addresses that
// they add may be used when it returns.
func (n *Namespace) IP(commands string) {
	n.t.Helper()
	added := false
	var batch strings.Builder // a process each would take most of a test's time
	flush := func() {
		n.t.Helper()
		if batch.Len() > 0 {
			n.run(exec.Command("ip", "-batch", "-"), batch.String())
			batch.Reset()
		}
	}
	for line := range strings.Lines(commands) {
		args := strings.Fields(line)
		switch {
		case len(args) == 0:
			continue
		case strings.HasPrefix(args[0], "-"): // a batch takes no options
			flush()
			n.Run("ip", args...)
		default:
			batch.WriteString(strings.Join(args, " ") + "\n")
		}
		added = added || slices.Contains(args, "add")
	}
	flush()
	if added {
		n.settle()
	}
}

// settle waits until the kernel takes every IPv6 address on a link that is up
// for its own, which it does in the background (addrconf_dad_work).
func (n *Namespace) settle() {
	n.t.Helper()
	const patience, pause = 5 * time.Second, time.Millisecond
	began := time.Now()
	n.Do(func() {
		n.t.Helper()
		addrs, err := netlink.AddrList(nil, netlink.FAMILY_V6)
		if err != nil {
			n.t.Fatal(err)
		}
		for _, addr := range addrs {
			link, err := netlink.LinkByIndex(addr.LinkIndex)
			if err != nil || link.Attrs().RawFlags&unix.IFF_LOWER_UP == 0 {
				continue
			}
			for {
				routes, err := netlink.RouteGet(addr.IP)
				if err == nil && routes[0].Type == unix.RTN_LOCAL {
					break
				}
				if time.Since(began) > patience {
					n.t.Fatalf("%s does not become an own address", addr)
				}
				time.Sleep(pause)
			}
		}
	})
}

// Run runs a command inside the namespace and returns what it printed; the
// test fails if the command does.
func (n *Namespace) Run(name string, args ...string) string {
	n.t.Helper()
	return n.run(exec.Command(name, args...), "")
}

func (n *Namespace) run(cmd *exec.Cmd, stdin string) string {
	n.t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if stdin != "" {
		cmd.Stdin = strings.NewReader(stdin)
	}
	var err error
	n.Do(func() { err = cmd.Run() })
	if err != nil {
		n.t.Fatalf("%s: %v\n%s%s", strings.Join(cmd.Args, " "), err, stdin, stderr.Bytes())
	}
	return stdout.String()
}

// Start starts a command inside the namespace; it is killed when the test
// ends. Configure cmd as usual; Start must not have been called.
func (n *Namespace) Start(cmd *exec.Cmd) {
	n.t.Helper()
	var err error
	n.Do(func() { err = cmd.Start() })
	if err != nil {
		n.t.Fatalf("%s: %v", strings.Join(cmd.Args, " "), err)
	}
	n.t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
}

// Sysctl sets a kernel parameter of the namespace: "net.ipv4.ip_forward", "1".
// Where a link's name has a dot, write its parameter with slashes.
func (n *Namespace) Sysctl(key, value string) {
	n.t.Helper()
	if !strings.Contains(key, "/") {
		key = strings.ReplaceAll(key, ".", "/")
	}
	var err error
	n.Do(func() { err = os.WriteFile(filepath.Join("/proc/sys", key), []byte(value), 0) })
	if err != nil {
		n.t.Fatalf("set %s: %v", key, err)
	}
}

// Unprivileged runs f without any capability, as an ordinary user's process
// would, on the calling goroutine, whose thread is locked meanwhile.
// Goroutines that f starts keep theirs.
func Unprivileged(t testing.TB, f func()) {
	t.Helper()
	runtime.LockOSThread()
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var before [2]unix.CapUserData // version 3 has 64 bits, in two halves
	if err := unix.Capget(&header, &before[0]); err != nil {
		t.Fatal(err)
	}
	without := before
	without[0].Effective, without[1].Effective = 0, 0
	if err := unix.Capset(&header, &without[0]); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := unix.Capset(&header, &before[0]); err != nil {
			t.Errorf("restore capabilities: %v", err)
			return
		}
		runtime.UnlockOSThread()
	}()
	f()
}
