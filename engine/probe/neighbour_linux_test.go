package probe

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
	"github.com/zclconf/go-cty/cty"
)

// Link-layer addresses: of the neighbour, and of nobody.
const (
	itsMAC   = "02:00:00:00:00:77"
	wrongMAC = "02:00:00:00:00:99"
)

// neighbourFamily holds the addresses of one family: of this computer, of a
// neighbour that is there, one that is not, and a host behind a gateway.
type neighbourFamily struct {
	name                                string
	own, alive, dead, beyond, prefixLen string
}

var neighbourFamilies = []neighbourFamily{
	{"IPv4", "10.1.0.10", "10.1.0.77", "10.1.0.99", "10.2.0.1", "/24"},
	{"IPv6", "2001:db8:1::10", "2001:db8:1::77", "2001:db8:1::99", "2001:db8:2::1", "/64"},
}

// subnet is this computer, and one neighbour on its link.
func subnet(t *testing.T, f neighbourFamily) *netnstest.Namespace {
	here, there := netnstest.New(t), netnstest.New(t)
	netnstest.Connect(here, "eth0", there, "eth0")
	there.IP("link set eth0 address " + itsMAC)
	here.IP("addr add " + f.own + f.prefixLen + " dev eth0")
	there.IP("addr add " + f.alive + f.prefixLen + " dev eth0")
	here.IP("route add " + f.beyond + " via " + f.alive)
	return here
}

// waited is a bound on waited_ms; the kernel's patience is 3 s. The most tells
// what ended by itself from what waited a minute: see neighbourCase.check.
type waited struct{ least, most time.Duration }

var (
	atOnce    = waited{0, hung}
	patiently = waited{2900 * time.Millisecond, hung}
	toTheEnd  = waited{3500 * time.Millisecond, hung} // the wait that is the default
)

func (w waited) check(t *testing.T, what string, result cty.Value) {
	t.Helper()
	ms := plain(result).(map[string]any)["waited_ms"].(float64)
	if got := time.Duration(ms * float64(time.Millisecond)); got < w.least || got > w.most {
		t.Errorf("%s: waited %v, want %v to %v", what, got, w.least, w.most)
	}
}

// A neighbourCase is one observation in a network of its own.
type neighbourCase struct {
	name         string
	target       func(neighbourFamily) string
	entry        string // what the kernel believes before, if anything
	ordinaryUser bool
	args         map[string]cty.Value
	waited       waited
	want         want
}

func (c *neighbourCase) check(t *testing.T, here *netnstest.Namespace, f neighbourFamily) {
	what := c.name + ", " + f.name
	args := c.args
	if args == nil && c.waited != toTheEnd {
		args = map[string]cty.Value{"wait": cty.StringVal("1m")}
	}
	look := func() {
		result, err := observe(t.Context(), t, "neighbour", c.target(f), args)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			return
		}
		c.want.check(t, what, result)
		c.waited.check(t, what, result)
	}
	here.Do(func() {
		if c.ordinaryUser {
			netnstest.Unprivileged(t, look)
		} else {
			look()
		}
	})
}

// checkNeighbours observes all cases side by side: they mostly wait.
func checkNeighbours(t *testing.T, cases []neighbourCase) {
	var all sync.WaitGroup
	for i := range cases {
		c := &cases[i]
		for _, f := range neighbourFamilies {
			here := subnet(t, f)
			if c.entry != "" {
				here.IP("neigh replace " + c.target(f) + " dev eth0 " + c.entry)
			}
			all.Go(func() { c.check(t, here, f) })
		}
	}
	all.Wait()
}

func own(f neighbourFamily) string    { return f.own }
func alive(f neighbourFamily) string  { return f.alive }
func dead(f neighbourFamily) string   { return f.dead }
func beyond(f neighbourFamily) string { return f.beyond }

func TestNeighbour(t *testing.T) {
	t.Parallel() // it mostly waits
	answers := want{"state": "reachable", "reachable": true, "mac": itsMAC, "answered_mac": itsMAC}
	silent := want{"state": "failed", "reachable": false, "mac": nil, "answered_mac": nil}
	checkNeighbours(t, []neighbourCase{
		{name: "alive", target: alive, waited: atOnce, want: answers},
		{name: "dead", target: dead, waited: patiently, want: silent},
		{name: "failed before, alive", target: alive, entry: "nud failed", waited: atOnce, want: answers},
		{name: "failed before, dead", target: dead, entry: "nud failed", waited: patiently, want: silent},
		{name: "stale, alive", target: alive, entry: "nud stale lladdr " + itsMAC, waited: atOnce, want: answers},
		{name: "stale, dead", target: dead, entry: "nud stale lladdr " + wrongMAC, waited: toTheEnd, want: silent},
		{name: "stale, adapter replaced", target: alive, entry: "nud stale lladdr " + wrongMAC, waited: patiently, want: answers},
		{name: "reachable, alive", target: alive, entry: "nud reachable lladdr " + itsMAC, waited: atOnce, want: answers},
		{name: "reachable just now, dead", target: dead, entry: "nud reachable lladdr " + wrongMAC, waited: toTheEnd, want: silent},
		{name: "delay, dead", target: dead, entry: "nud delay lladdr " + wrongMAC, waited: toTheEnd, want: silent},
		{name: "own address", target: own, waited: atOnce,
			want: want{"state": "noarp", "reachable": true, "mac": nil, "answered_mac": unknown}},
		{name: "behind a gateway", target: beyond, waited: atOnce,
			want: want{"state": "none", "reachable": false, "mac": nil, "answered_mac": unknown}},
	})
}

// What was set by hand the kernel never questions.
func TestNeighbourPermanent(t *testing.T) {
	t.Parallel() // it mostly waits
	right, wrong := "nud permanent lladdr "+itsMAC, "nud permanent lladdr "+wrongMAC
	checkNeighbours(t, []neighbourCase{
		{name: "right", target: alive, entry: right, waited: atOnce,
			want: want{"state": "permanent", "reachable": true, "mac": itsMAC, "answered_mac": itsMAC}},
		{name: "wrong", target: alive, entry: wrong, waited: atOnce,
			want: want{"state": "permanent", "reachable": false, "mac": wrongMAC, "answered_mac": itsMAC}},
		{name: "dead", target: dead, entry: wrong, waited: patiently,
			want: want{"state": "permanent", "reachable": false, "mac": wrongMAC, "answered_mac": nil}},
		{name: "no time to answer", target: dead, entry: wrong, args: map[string]cty.Value{"wait": cty.StringVal("100ms")}, waited: atOnce,
			want: want{"state": "permanent", "reachable": unknown, "mac": wrongMAC, "answered_mac": unknown}},
	})
}

// An ordinary user can't make the kernel ask about what it believes to know.
func TestNeighbourOrdinaryUser(t *testing.T) {
	t.Parallel() // it mostly waits
	checkNeighbours(t, []neighbourCase{
		{name: "alive", target: alive, ordinaryUser: true, waited: atOnce,
			want: want{"state": "reachable", "reachable": true, "mac": itsMAC, "answered_mac": itsMAC}},
		{name: "dead", target: dead, ordinaryUser: true, waited: patiently,
			want: want{"state": "failed", "reachable": false, "mac": nil, "answered_mac": nil}},
		{name: "reachable", target: alive, entry: "nud reachable lladdr " + itsMAC, ordinaryUser: true, waited: atOnce,
			want: want{"state": "reachable", "reachable": true, "mac": itsMAC, "answered_mac": unknown}},
		{name: "stale, dead", target: dead, entry: "nud stale lladdr " + wrongMAC, ordinaryUser: true, waited: toTheEnd,
			want: want{"state": "delay", "reachable": unknown, "mac": wrongMAC, "answered_mac": unknown}},
		{name: "permanent", target: alive, entry: "nud permanent lladdr " + wrongMAC, ordinaryUser: true, waited: atOnce,
			want: want{"state": "permanent", "reachable": unknown, "mac": wrongMAC, "answered_mac": unknown}},
	})
}

func TestNeighbourUnprovoked(t *testing.T) {
	calm := map[string]cty.Value{"provoke": cty.False}
	var cases []neighbourCase
	for state, w := range map[string]want{
		"":          {"state": "none", "reachable": unknown, "mac": nil, "answered_mac": unknown},
		"failed":    {"state": "failed", "reachable": false, "mac": nil, "answered_mac": unknown},
		"reachable": {"state": "reachable", "reachable": true, "mac": itsMAC, "answered_mac": unknown},
		"stale":     {"state": "stale", "reachable": unknown, "mac": itsMAC, "answered_mac": unknown},
		"permanent": {"state": "permanent", "reachable": unknown, "mac": itsMAC, "answered_mac": unknown},
		"noarp":     {"state": "noarp", "reachable": unknown, "mac": itsMAC, "answered_mac": unknown},
	} {
		c := neighbourCase{name: state, target: dead, args: calm, waited: atOnce, want: w}
		if state != "" {
			c.entry = "lladdr " + itsMAC + " nud " + state
		}
		cases = append(cases, c)
	}
	checkNeighbours(t, cases)
}

// Cut off by its own wait or by the run, it says what the kernel is at.
func TestNeighbourCutOff(t *testing.T) {
	incomplete := want{"state": "incomplete", "reachable": unknown, "mac": nil, "answered_mac": unknown}
	checkNeighbours(t, []neighbourCase{
		{name: "wait", target: dead, args: map[string]cty.Value{"wait": cty.StringVal("50ms")}, waited: atOnce, want: incomplete},
	})
	here := subnet(t, neighbourFamilies[0])
	here.Do(func() {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		result, err := observe(ctx, t, "neighbour", neighbourFamilies[0].dead, nil)
		if err != nil {
			t.Fatal(err)
		}
		incomplete.check(t, "cancelled", result)
		atOnce.check(t, "cancelled", result)
	})
}

// An observer changes nothing: the entry of an IPv6 router stays one.
func TestNeighbourStaysRouter(t *testing.T) {
	f := neighbourFamilies[1]
	here := subnet(t, f)
	here.IP("neigh replace " + f.dead + " dev eth0 router nud stale lladdr " + itsMAC)
	c := neighbourCase{name: "router", target: dead, args: map[string]cty.Value{"wait": cty.StringVal("50ms")}, waited: atOnce,
		want: want{"state": "probe", "reachable": unknown}}
	c.check(t, here, f)
	if entry := here.Run("ip", "-6", "neigh", "show", f.dead, "nud", "all"); !strings.Contains(entry, "router") {
		t.Errorf("the router's entry is now %q", entry)
	}
}

// The adapter goes down while the kernel asks: it forgets the entry.
func TestNeighbourLinkTakenDown(t *testing.T) {
	f := neighbourFamilies[0]
	here := subnet(t, f)
	var result cty.Value
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		here.Do(func() { result, err = observe(t.Context(), t, "neighbour", f.dead, nil) })
	}()
	for !strings.Contains(here.Run("ip", "neigh", "show", f.dead, "nud", "incomplete"), f.dead) {
	}
	here.IP("link set eth0 down")
	<-done
	if err != nil {
		t.Fatal(err)
	}
	want{"state": "none", "reachable": unknown, "mac": nil, "answered_mac": unknown}.check(t, f.dead, result)
	atOnce.check(t, f.dead, result)
}

// Where the subnet mask is too wide, a router with proxy ARP answers for hosts
// that are elsewhere: with its own link-layer address.
func TestNeighbourByProxyARP(t *testing.T) {
	here, router := netnstest.New(t), netnstest.New(t)
	netnstest.Connect(here, "eth0", router, "eth0")
	netnstest.Connect(router, "eth1", netnstest.New(t), "eth0")
	router.Sysctl("net.ipv4.ip_forward", "1")
	router.Sysctl("net.ipv4.conf.eth0.proxy_arp", "1")
	router.Sysctl("net.ipv4.neigh.eth0.proxy_delay", "0")
	router.IP(`
		link set eth0 address ` + itsMAC + `
		addr add 10.1.0.1/24 dev eth0
		addr add 10.2.0.1/24 dev eth1`)
	here.IP("addr add 10.1.0.10/8 dev eth0")
	c := neighbourCase{name: "proxy ARP", target: func(neighbourFamily) string { return "10.2.0.25" }, waited: atOnce,
		want: want{"state": "reachable", "reachable": true, "mac": itsMAC, "answered_mac": itsMAC}}
	c.check(t, here, neighbourFamilies[0])
}

// A link without link-layer addresses has nobody to ask.
func TestNeighbourOnLinkWithoutARP(t *testing.T) {
	f := neighbourFamilies[0]
	here := subnet(t, f)
	here.IP("link set eth0 arp off")
	c := neighbourCase{name: "no ARP", target: alive, waited: atOnce,
		want: want{"state": "noarp", "reachable": unknown, "mac": nil, "answered_mac": unknown}}
	c.check(t, here, f)
}

// Link-local addresses name the adapter.
func TestNeighbourLinkLocal(t *testing.T) {
	here, there := netnstest.New(t), netnstest.New(t)
	netnstest.Connect(here, "eth0", there, "eth0")
	there.IP("link set eth0 address " + itsMAC)
	there.IP("addr add fe80::77/64 dev eth0")
	for _, entry := range []string{"", "neigh replace fe80::77 dev eth0 nud permanent lladdr " + itsMAC} {
		here.IP(entry)
		c := neighbourCase{name: "link-local", target: func(neighbourFamily) string { return "fe80::77%eth0" }, waited: atOnce,
			want: want{"reachable": true, "mac": itsMAC, "answered_mac": itsMAC}}
		c.check(t, here, neighbourFamilies[1])
	}
}
