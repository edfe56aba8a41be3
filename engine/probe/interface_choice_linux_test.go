package probe

import (
	"testing"

	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
	"github.com/vishvananda/netlink"
	"github.com/zclconf/go-cty/cty"
)

// Which of two adapters, both with a cable that leads out, is meant.
func TestInterfaceChosen(t *testing.T) {
	nearEth0, nowhere := []string{"10.1.0.77"}, []string{"192.0.2.1"}
	for _, test := range []struct {
		name     string
		commands string
		near     []string
		toward   string
		want     want
	}{
		{"nothing tells which", "", nil, "", want{"name": nil, "found": false, "chosen_by": nil, "idle": texts()}},
		{"near nobody", "", nowhere, "", want{"name": nil, "chosen_by": nil}},
		{"the longer prefix of the two", "", nearEth0, "", want{"name": "eth0", "chosen_by": "near"}},
		{"the other's prefix", "", []string{"10.2.0.77"}, "", want{"name": "eth1", "chosen_by": "near"}},
		{"a prefix of IPv6", "", []string{"192.0.2.1", "2001:db8:2::77"}, "", want{"name": "eth1", "chosen_by": "near"}},
		{"an address with its adapter", "", []string{"fe80::1%eth1"}, "", want{"name": "eth1", "chosen_by": "near"}},
		{"the default route is the other's", "route add default via 10.0.0.1", nearEth0, "", want{"name": "eth0", "chosen_by": "near"}},
		{"only a default route", "route add default via 10.0.0.1", nil, "", want{"name": "eth1", "chosen_by": "default_route"}},
		{"a default route that refuses", "route add blackhole default", nearEth0, "", want{"name": "eth0", "chosen_by": "near"}},
		{"switched off, and the default route is the other's", `
			route add default via 10.0.0.1
			link set eth0 down`, nearEth0, "", want{"name": "eth0", "chosen_by": "near", "admin_up": false}},
		{"without address, and the default route is the other's", `
			route add default via 10.0.0.1
			-4 addr flush dev eth0`, []string{"192.168.7.1"}, "", want{"name": "eth0", "chosen_by": "idle", "idle": texts()}},
		{"idle, and nobody is near", `
			route add default via 10.0.0.1
			link set eth0 down`, nil, "", want{"name": "eth1", "chosen_by": "default_route", "idle": texts("eth0")}},
		{"idle, and the gateway is reached by the other without being near (a cloud)", `
			link set eth0 down
			addr flush dev eth1
			addr add 203.0.113.9/32 dev eth1
			route add default via 10.128.0.1 dev eth1 onlink`, []string{"10.128.0.1"}, "", want{"name": "eth1", "chosen_by": "route", "idle": texts("eth0")}},
		{"near by a route of its own", `
			route add 192.168.7.0/24 dev eth1
			link set eth0 down`, []string{"192.168.7.1"}, "", want{"name": "eth1", "chosen_by": "route"}},
		{"the way to a host", `
			route add default via 10.0.0.1
			route add 198.51.100.0/24 via 10.1.0.1`, nil, "198.51.100.25", want{"name": "eth0", "chosen_by": "toward"}},
		{"a host that counts as a neighbour tells nothing", "route add default via 10.1.0.1", nil, "10.2.0.25", want{"name": "eth0", "chosen_by": "default_route"}},
		{"a tunnel is the way to a host", `
			tuntap add tun0 mode tun
			link set tun0 up
			route add 198.51.100.0/24 dev tun0`, nil, "198.51.100.25", want{"name": "tun0", "chosen_by": "toward", "carrier": false}},
		{"a bridge of containers that is nearer", `
			link add docker0 type bridge
			addr add 10.1.0.129/25 dev docker0
			link set docker0 up`, []string{"10.1.0.177"}, "", want{"name": "eth0", "chosen_by": "near"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			here, a, b := netnstest.New(t), netnstest.New(t), netnstest.New(t)
			netnstest.Connect(here, "eth0", a, "eth0")
			netnstest.Connect(here, "eth1", b, "eth0")
			here.IP(`
				addr add 10.1.0.10/24 dev eth0
				addr add 10.0.0.10/8 dev eth1
				addr add 2001:db8:2::10/64 dev eth1
				` + test.commands)
			args := map[string]cty.Value{}
			if test.near != nil {
				items := []cty.Value{cty.NullVal(cty.String)}
				for _, addr := range test.near {
					items = append(items, cty.StringVal(addr))
				}
				args["near"] = cty.ListVal(items)
			}
			if test.toward != "" {
				args["toward"] = cty.StringVal(test.toward)
			}
			here.Do(func() {
				result, err := observe(t.Context(), t, "interface", "", args)
				if err != nil {
					t.Fatal(err)
				}
				test.want.check(t, "interface", result)
			})
		})
	}
}

// What an adapter stands on, where that is why it does not work.
func TestInterfaceBelow(t *testing.T) {
	for _, test := range []struct {
		name, commands string
		want           want
	}{
		{"a macvlan", `
			link add link eth0 name eth0.7 type macvlan
			link set eth0.7 up`, want{"carrier": true, "below": nil}},
		{"a macvlan whose adapter is off", `
			link add link eth0 name eth0.7 type macvlan
			link set eth0.7 up
			link set eth0 down`, want{"below": "eth0"}},
		{"a macvlan of a bridge whose port is off", `
			link add br0 type bridge
			link set br0 up
			link set eth0 master br0
			link set eth0 down
			link add link br0 name eth0.7 type macvlan
			link set eth0.7 up`, want{"below": "eth0"}},
		{"a bridge with a port that works", `
			link add eth0.7 type bridge
			link set eth0.7 up
			link set eth0 master eth0.7`, want{"below": nil}},
		{"a bridge without a port", `
			link add eth0.7 type bridge
			link set eth0.7 up`, want{"below": nil}},
	} {
		t.Run(test.name, func(t *testing.T) {
			here, lan := netnstest.New(t), netnstest.New(t)
			netnstest.Connect(here, "eth0", lan, "eth0")
			here.IP(test.commands)
			checkInterface(t, here, "eth0.7", nil, test.want)
		})
	}
	t.Run("an adapter of macvlans is not idle", func(t *testing.T) {
		here, lan := netnstest.New(t), netnstest.New(t)
		netnstest.Connect(here, "eth0", lan, "eth0")
		here.IP(`
			link add link eth0 name eth0.7 type macvlan
			addr add 10.1.0.10/24 dev eth0.7
			link set eth0.7 up`)
		checkInterface(t, here, "eth0.7", nil, want{"idle": texts()})
		checkInterface(t, here, "", []string{"10.1.0.1"}, want{"name": "eth0.7", "chosen_by": "near"})
	})
}

func TestInterfaceIgnoresPing(t *testing.T) {
	here := netnstest.New(t)
	checkInterface(t, here, "127.0.0.1", nil, want{"ignores_ping": false})
	here.Sysctl("net.ipv4.icmp_echo_ignore_all", "1")
	checkInterface(t, here, "127.0.0.1", nil, want{"ignores_ping": true})
	checkInterface(t, here, "::1", nil, want{"ignores_ping": false})
	here.Sysctl("net.ipv6.icmp.echo_ignore_all", "1")
	checkInterface(t, here, "::1", nil, want{"ignores_ping": true})
}

// An address of IPv6 that another host holds already is of no use, which the
// kernel tells everybody.
func TestInterfaceDuplicateAddress(t *testing.T) {
	here, there := netnstest.New(t), netnstest.New(t)
	netnstest.Connect(here, "eth0", there, "eth0")
	there.IP("addr add 2001:db8:1::10/64 dev eth0")
	here.Sysctl("net.ipv6.conf.all.accept_dad", "1")
	here.Sysctl("net.ipv6.conf.eth0.accept_dad", "1")
	here.Run("ip", "addr", "add", "2001:db8:1::10/64", "dev", "eth0")
	for here.Run("ip", "-6", "addr", "show", "dev", "eth0", "dadfailed") == "" {
	}
	checkInterface(t, here, "eth0", nil, want{"found": true, "addresses": texts(), "prefix_lengths": numbers(),
		"duplicates": texts("2001:db8:1::10"), "claimed_by": nil})
}

// inside runs f on a computer, as an ordinary user or as root.
func inside(t *testing.T, n *netnstest.Namespace, nobodys bool, f func()) {
	t.Helper()
	n.Do(func() {
		if nobodys {
			netnstest.Unprivileged(t, f)
			return
		}
		f()
	})
}

// Whoever else has our addresses answers for them.
func TestInterfaceClaims(t *testing.T) {
	const mac = "02:00:00:00:00:99"
	for _, test := range []struct {
		name         string
		ours, theirs string
		want         want
		nobodys      bool
	}{
		{"nobody else", "10.1.0.10/24", "10.1.0.1/24", want{"duplicates": texts(), "claimed_by": nil}, false},
		{"IPv4", "10.1.0.10/24", "10.1.0.10/24", want{"duplicates": texts("10.1.0.10"), "claimed_by": mac}, false},
		{"IPv4 with another mask", "10.1.0.10/24", "10.1.0.10/32", want{"duplicates": texts("10.1.0.10"), "claimed_by": mac}, false},
		{"IPv6", "2001:db8:1::10/64", "2001:db8:1::10/64", want{"duplicates": texts("2001:db8:1::10"), "claimed_by": mac}, false},
		{"an ordinary user may not ask", "10.1.0.10/24", "10.1.0.10/24", want{"duplicates": texts(), "claimed_by": nil}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			here, there := netnstest.New(t), netnstest.New(t)
			netnstest.Connect(here, "eth0", there, "eth0")
			there.IP("link set eth0 address " + mac)
			here.IP("addr add " + test.ours + " dev eth0")
			there.IP("addr add " + test.theirs + " dev eth0")
			inside(t, here, test.nobodys, func() {
				result, err := observe(t.Context(), t, "interface", "eth0", map[string]cty.Value{"claims": cty.True})
				if err != nil {
					t.Fatal(err)
				}
				test.want.check(t, "interface", result)
			})
		})
	}
	t.Run("our own second adapter on the same link is nobody else", func(t *testing.T) {
		here := netnstest.New(t)
		sw := netnstest.Switch(t, "eth0", here)
		netnstest.Connect(here, "eth1", sw, "second")
		sw.IP("link set second master br0")
		here.IP(`
			addr add 10.1.0.10/24 dev eth0
			addr add 10.1.0.11/24 dev eth1`)
		here.Do(func() {
			result, err := observe(t.Context(), t, "interface", "eth0", map[string]cty.Value{"claims": cty.True})
			if err != nil {
				t.Fatal(err)
			}
			want{"duplicates": texts()}.check(t, "interface", result)
		})
	})
}

// All who answer for one address are named, and only root may ask.
func TestNeighbourEverybody(t *testing.T) {
	for target, bits := range map[string]string{"10.1.0.1": "/24", "2001:db8:1::1": "/64"} {
		for _, test := range []struct {
			name    string
			both    bool
			nobodys bool
			want    want
		}{
			{"one", false, false, want{"answered_macs": texts("02:00:00:00:00:0a")}},
			{"two", true, false, want{"answered_macs": texts("02:00:00:00:00:0a", "02:00:00:00:00:0b")}},
			{"an ordinary user", true, true, want{"answered_macs": texts()}},
		} {
			t.Run(target+"/"+test.name, func(t *testing.T) {
				here, a, b := netnstest.New(t), netnstest.New(t), netnstest.New(t)
				netnstest.Switch(t, "eth0", here, a, b)
				a.IP("link set eth0 address 02:00:00:00:00:0a")
				b.IP("link set eth0 address 02:00:00:00:00:0b")
				here.IP("addr add 10.1.0.10/24 dev eth0\naddr add 2001:db8:1::10/64 dev eth0")
				a.IP("addr add " + target + bits + " dev eth0")
				if test.both {
					b.IP("addr add " + target + bits + " dev eth0")
				}
				inside(t, here, test.nobodys, func() {
					result, err := observe(t.Context(), t, "neighbour", target, map[string]cty.Value{"everybody": cty.True, "provoke": cty.False})
					if err != nil {
						t.Fatal(err)
					}
					if macs := result.GetAttr("answered_macs"); macs.LengthInt() == 2 && macs.AsValueSlice()[0].AsString() > macs.AsValueSlice()[1].AsString() {
						return // the other one was faster
					}
					test.want.check(t, "neighbour", result)
				})
			})
		}
	}
}

// A VLAN stands on its adapter as a macvlan does.
func TestLowerOfVLAN(t *testing.T) {
	eth0 := &netlink.Device{LinkAttrs: netlink.LinkAttrs{Index: 2, Name: "eth0", NetNsID: -1}}
	vlan := &netlink.Vlan{LinkAttrs: netlink.LinkAttrs{Index: 3, Name: "eth0.7", ParentIndex: 2, NetNsID: -1}}
	links := []netlink.Link{eth0, vlan}
	if name := brokenBelow(vlan, links); name != "eth0" {
		t.Errorf("below the VLAN %q is broken, want eth0", name)
	}
	if leads, lends := standsOn(vlan, links, map[int]bool{2: true}); !leads || lends {
		t.Errorf("the VLAN leads %v, lends %v", leads, lends)
	}
	if leads, lends := standsOn(eth0, links, map[int]bool{2: true}); !leads || !lends {
		t.Errorf("its adapter leads %v, lends %v", leads, lends)
	}
}
