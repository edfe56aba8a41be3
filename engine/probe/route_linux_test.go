package probe

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
	"github.com/zclconf/go-cty/cty"
)

// checkRoute observes the route to target in the namespace.
func checkRoute(t *testing.T, here *netnstest.Namespace, target, source string, w want) {
	t.Helper()
	args := map[string]cty.Value{}
	if source != "" {
		args["source"] = cty.StringVal(source)
	}
	here.Do(func() {
		t.Helper()
		result, err := observe(t.Context(), t, "route", target, args)
		if err != nil {
			t.Errorf("route to %q from %q: %v", target, source, err)
			return
		}
		w.check(t, "route to "+target, result)
	})
}

const main, local = 254.0, 255.0 // numbers of the routing tables

func TestRoute(t *testing.T) {
	here, lan := netnstest.New(t), netnstest.New(t)
	netnstest.Connect(here, "eth0", lan, "eth0")
	here.IP(`
		addr add 10.1.0.10/24 dev eth0
		addr add 10.1.0.11/24 dev eth0
		addr add 2001:db8:1::10/64 dev eth0
		addr add fe80::10/64 dev eth0
		route add default via 10.1.0.1
		route add 10.2.0.0/16 via 10.1.0.2 src 10.1.0.11
		route add blackhole 10.3.0.0/16
		route add prohibit 10.4.0.0/16
		route add unreachable 10.5.0.0/16
		route add blackhole 10.3.7.0/24
		route add 10.6.0.0/24 nexthop via 10.1.0.3 nexthop via 10.1.0.4
		route add 10.7.0.0/24 via inet6 fe80::1 dev eth0
		-6 route add default via fe80::1 dev eth0
		-6 route add 2001:db8:2::/64 via 2001:db8:1::2
		-6 route add blackhole 2001:db8:3::/64
		-6 route add prohibit 2001:db8:4::/64
		-6 route add unreachable 2001:db8:5::/64
		-6 route add 2001:db8:6::/64 nexthop via 2001:db8:1::3 nexthop via 2001:db8:1::4
	`)
	refused := func(kind, prefix string) want {
		return want{"found": true, "kind": kind, "on_link": false, "gateway": nil, "interface": nil,
			"source": nil, "prefix": prefix, "table": main, "redirected_to": nil}
	}
	for _, test := range []struct {
		target string
		want   want
	}{
		{"10.1.0.77", want{"found": true, "kind": "unicast", "on_link": true, "gateway": nil, "interface": "eth0",
			"source": "10.1.0.10", "prefix": "10.1.0.0/24", "table": main, "redirected_to": nil}},
		{"10.1.0.10", want{"found": true, "kind": "local", "on_link": true, "gateway": nil, "interface": "eth0",
			"source": "10.1.0.10", "prefix": "10.1.0.10/32", "table": local, "redirected_to": nil}},
		{"127.0.0.1", want{"found": true, "kind": "local", "on_link": true, "interface": "lo", "source": "127.0.0.1"}},
		{"10.1.0.255", want{"found": true, "kind": "broadcast", "on_link": true, "interface": "eth0", "table": local}},
		{"198.51.100.1", want{"found": true, "kind": "unicast", "on_link": false, "gateway": "10.1.0.1", "interface": "eth0",
			"source": "10.1.0.10", "prefix": "0.0.0.0/0", "table": main, "redirected_to": nil}},
		{"10.2.3.4", want{"on_link": false, "gateway": "10.1.0.2", "source": "10.1.0.11", "prefix": "10.2.0.0/16", "redirected_to": nil}},
		{"10.3.1.1", refused("blackhole", "10.3.0.0/16")},
		{"10.3.7.1", refused("blackhole", "10.3.7.0/24")},
		{"10.4.1.1", refused("prohibit", "10.4.0.0/16")},
		{"10.5.1.1", refused("unreachable", "10.5.0.0/16")},
		{"10.7.0.1", want{"on_link": false, "gateway": "fe80::1%eth0", "interface": "eth0", "source": "10.1.0.10", "redirected_to": nil}},

		{"2001:db8:1::77", want{"found": true, "kind": "unicast", "on_link": true, "gateway": nil, "interface": "eth0",
			"source": "2001:db8:1::10", "prefix": "2001:db8:1::/64", "table": main, "redirected_to": nil}},
		{"2001:db8:1::10", want{"found": true, "kind": "local", "on_link": true, "interface": "eth0", "table": local}},
		{"2001:db8:9::1", want{"found": true, "kind": "unicast", "on_link": false, "gateway": "fe80::1%eth0", "interface": "eth0",
			"source": "2001:db8:1::10", "prefix": "::/0", "table": main, "redirected_to": nil}},
		{"2001:db8:2::1", want{"on_link": false, "gateway": "2001:db8:1::2", "prefix": "2001:db8:2::/64", "redirected_to": nil}},
		{"2001:db8:3::1", refused("blackhole", "2001:db8:3::/64")},
		{"2001:db8:4::1", refused("prohibit", "2001:db8:4::/64")},
		{"2001:db8:5::1", refused("unreachable", "2001:db8:5::/64")},
		{"fe80::1%eth0", want{"found": true, "kind": "unicast", "on_link": true, "gateway": nil, "interface": "eth0", "source": "fe80::10%eth0"}},

		{"", want{"found": true, "kind": "unicast", "on_link": false, "gateway": "10.1.0.1", "interface": "eth0",
			"source": "10.1.0.10", "prefix": "0.0.0.0/0", "table": main, "redirected_to": nil}},
	} {
		checkRoute(t, here, test.target, "", test.want)
	}
	checkRoute(t, here, "198.51.100.1", "10.1.0.11", want{"gateway": "10.1.0.1", "source": "10.1.0.11"})
	checkRoute(t, here, "2001:db8:2::1", "2001:db8:1::10", want{"gateway": "2001:db8:1::2", "source": "2001:db8:1::10"})
	checkRoute(t, here, "", "2001:db8:1::10", want{"gateway": "fe80::1%eth0", "prefix": "::/0"})
}

// The kernel spreads destinations over the next hops of one entry; each must
// be told apart from a redirect.
func TestRouteMultipath(t *testing.T) {
	here, lan := netnstest.New(t), netnstest.New(t)
	netnstest.Connect(here, "eth0", lan, "eth0")
	here.IP(`
		addr add 10.1.0.10/24 dev eth0
		addr add 2001:db8:1::10/64 dev eth0
		route add 10.6.0.0/24 nexthop via 10.1.0.3 nexthop via 10.1.0.4
		-6 route add 2001:db8:6::/64 nexthop via 2001:db8:1::3 nexthop via 2001:db8:1::4
		nexthop add id 1 via 10.1.0.5 dev eth0
		route add 10.8.0.0/24 nhid 1
		nexthop add id 2 via 10.1.0.6 dev eth0
		nexthop add id 3 group 1/2
		route add 10.9.0.0/24 nhid 3
		nexthop add id 4 via 2001:db8:1::5 dev eth0
		nexthop add id 5 via 2001:db8:1::6 dev eth0
		nexthop add id 6 group 4/5
		-6 route add 2001:db8:9::/64 nhid 6
	`)
	for _, net := range []struct {
		prefix, host string
		gateways     []any
	}{
		{"10.6.0.0/24", "10.6.0.", []any{"10.1.0.3", "10.1.0.4"}},
		{"2001:db8:6::/64", "2001:db8:6::", []any{"2001:db8:1::3", "2001:db8:1::4"}},
	} {
		gateways := map[any]bool{}
		for _, host := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "11", "12", "13", "14", "15", "16"} {
			here.Do(func() {
				result, err := observe(t.Context(), t, "route", net.host+host, nil)
				if err != nil {
					t.Fatal(err)
				}
				want{"kind": "unicast", "on_link": false, "interface": "eth0", "prefix": net.prefix, "redirected_to": nil, "gateways": net.gateways}.
					check(t, "route to "+net.host+host, result)
				gateways[plain(result).(map[string]any)["gateway"]] = true
			})
		}
		if len(gateways) != 2 {
			t.Errorf("%s: gateways %v, want both", net.prefix, gateways)
		}
	}
	for _, avoids := range []bool{false, true} {
		here.Sysctl("net.ipv4.fib_multipath_use_neigh", map[bool]string{false: "0", true: "1"}[avoids])
		here.Sysctl("net.ipv6.conf.all.forwarding", map[bool]string{false: "1", true: "0"}[avoids])
		checkRoute(t, here, "10.6.0.1", "", want{"avoids_silent": avoids})
		checkRoute(t, here, "2001:db8:6::1", "", want{"avoids_silent": avoids})
		checkRoute(t, here, "10.8.0.1", "", want{"avoids_silent": nil})
	}
	for _, mode := range []string{"1", "0"} {
		here.Sysctl("net.ipv4.nexthop_compat_mode", mode)
		checkRoute(t, here, "10.8.0.1", "", want{"kind": "unicast", "on_link": false, "gateway": "10.1.0.5", "gateways": []any{"10.1.0.5"}, "interface": "eth0", "redirected_to": nil})
		checkRoute(t, here, "10.9.0.1", "", want{"kind": "unicast", "on_link": false, "gateways": []any{"10.1.0.5", "10.1.0.6"}, "redirected_to": nil})
		checkRoute(t, here, "2001:db8:9::1", "", want{"kind": "unicast", "on_link": false, "gateways": []any{"2001:db8:1::5", "2001:db8:1::6"}, "redirected_to": nil})
	}
}

func TestRouteOfPolicy(t *testing.T) {
	here, lan := netnstest.New(t), netnstest.New(t)
	netnstest.Connect(here, "eth0", lan, "eth0")
	here.IP(`
		addr add 10.1.0.10/24 dev eth0
		addr add 10.1.0.11/24 dev eth0
		route add default via 10.1.0.1
		route add default via 10.1.0.9 table 100
		route add 10.3.0.0/16 via 10.1.0.3 table 100
		route add blackhole 10.5.0.0/16 table 101
		route add blackhole 10.5.1.0/24 table 102
		rule add from 10.1.0.11 lookup 100
		rule add to 10.2.0.0/16 lookup 100
		rule add to 10.5.0.0/16 lookup 101
		rule add to 10.6.0.0/16 prohibit
		rule add to 10.7.0.0/16 blackhole
		rule add to 10.8.0.0/16 unreachable
	`)
	checkRoute(t, here, "10.9.0.1", "", want{"gateway": "10.1.0.1", "table": main})
	checkRoute(t, here, "10.2.0.1", "", want{"gateway": "10.1.0.9", "table": 100.0, "prefix": "0.0.0.0/0"})
	checkRoute(t, here, "10.3.0.1", "10.1.0.11", want{"gateway": "10.1.0.3", "table": 100.0, "prefix": "10.3.0.0/16"})
	checkRoute(t, here, "", "", want{"gateway": "10.1.0.1", "table": main})
	checkRoute(t, here, "", "10.1.0.11", want{"gateway": "10.1.0.9", "table": 100.0})

	// Which of two tables refused is not observed; where a rule does, no
	// entry is there to be named.
	checkRoute(t, here, "10.5.0.1", "", want{"kind": "blackhole", "prefix": "10.5.0.0/16", "table": 101.0})
	checkRoute(t, here, "10.5.1.1", "", want{"kind": "blackhole", "prefix": nil, "table": nil, "redirected_to": nil})
	checkRoute(t, here, "10.6.0.1", "", want{"found": true, "kind": "prohibit", "prefix": nil, "table": nil})
	checkRoute(t, here, "10.7.0.1", "", want{"found": true, "kind": "blackhole", "prefix": nil, "table": nil})
	checkRoute(t, here, "10.8.0.1", "", want{"found": false, "kind": nil})
}

func TestRouteNotFound(t *testing.T) {
	here := netnstest.New(t)
	nothing := want{"found": false, "kind": nil, "on_link": false, "gateway": nil, "interface": nil,
		"source": nil, "prefix": nil, "table": nil, "redirected_to": nil}
	for _, target := range []string{"", "10.2.0.1", "2001:db8::1"} {
		checkRoute(t, here, target, "", nothing)
	}
}

func TestDefaultRoute(t *testing.T) {
	for _, test := range []struct {
		name, commands string
		want           want
	}{
		{"lowest metric", `
			route add default via 10.1.0.1 metric 200
			route add default via 10.1.0.2 metric 100`,
			want{"gateway": "10.1.0.2", "prefix": "0.0.0.0/0"}},
		{"IPv6 where IPv4 has none", `
			-6 route add default via fe80::1 dev eth0`,
			want{"gateway": "fe80::1%eth0", "prefix": "::/0", "source": "2001:db8:1::10"}},
		{"IPv4 first", `
			-6 route add default via fe80::1 dev eth0
			route add default via 10.1.0.1 metric 5000`,
			want{"gateway": "10.1.0.1"}},
		{"two halves of a VPN", `
			route add default via 10.1.0.1
			route add 0.0.0.0/1 via 10.1.0.8
			route add 128.0.0.0/1 via 10.1.0.8`,
			want{"gateway": "10.1.0.8", "prefix": "128.0.0.0/1"}},
		{"global unicast only", `
			-6 route add 2000::/3 via fe80::1 dev eth0`,
			want{"found": true, "gateway": "fe80::1%eth0", "prefix": "2000::/3"}},
		{"reserved addresses filtered", `
			route add blackhole 240.0.0.0/4
			route add default via 10.1.0.2 metric 200
			route add default via 10.1.0.1 metric 100`,
			want{"found": true, "kind": "unicast", "gateway": "10.1.0.1", "prefix": "0.0.0.0/0", "source": "10.1.0.10", "table": main, "interface": "eth0"}},
		{"reserved addresses filtered, no way out", `
			route add unreachable 240.0.0.0/4
			-6 route add blackhole 3fff::/20`,
			want{"found": false, "kind": nil}},
		{"a default that refuses", `
			route add prohibit default`,
			want{"found": true, "kind": "prohibit", "prefix": "0.0.0.0/0", "on_link": false}},
		{"without gateway", `
			route add default dev eth0`,
			want{"found": true, "kind": "unicast", "prefix": "0.0.0.0/0", "on_link": true, "gateway": nil}},
		{"by a policy rule only", `
			route add default via 10.1.0.7 table 77
			rule add lookup 77`,
			want{"found": true, "gateway": "10.1.0.7", "table": 77.0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			here, lan := netnstest.New(t), netnstest.New(t)
			netnstest.Connect(here, "eth0", lan, "eth0")
			here.IP(`
				addr add 10.1.0.10/24 dev eth0
				addr add 2001:db8:1::10/64 dev eth0`)
			here.IP(test.commands)
			checkRoute(t, here, "", "", test.want)
		})
	}
}

func TestRouteCannotBeAsked(t *testing.T) {
	here := netnstest.New(t)
	for _, test := range []struct{ target, source string }{
		{"10.2.0.1", "10.1.0.99"}, // not an own address
		{"0.0.0.0", ""},
		{"fe80::1", ""}, // on which adapter?
		{"fe80::1%eth7", ""},
		{"10.2.0.1", "::1"}, // two families
		{"no..name", ""},
	} {
		here.Do(func() {
			args := map[string]cty.Value{}
			if test.source != "" {
				args["source"] = cty.StringVal(test.source)
			}
			if result, err := observe(t.Context(), t, "route", test.target, args); err == nil {
				t.Errorf("route to %s from %q: %#v, want an error", test.target, test.source, plain(result))
			}
		})
	}
}

// A subnet mask that is too narrow sends packets for a neighbour to the
// router, which redirects them: from then on everything looks well.
func TestRouteRedirectedToHost(t *testing.T) {
	for _, test := range []struct {
		family                string
		here, router, subject string // their addresses
		route                 string
		target, gateway       string
	}{
		{"IPv4", "10.1.0.10/28", "10.1.0.1/24", "10.1.0.77/24", "route add default via 10.1.0.1", "10.1.0.77", "10.1.0.1"},
		{"IPv6", "2001:db8:1::10/126", "2001:db8:1::1/64", "2001:db8:1::77/64", "-6 route add default via fe80::1 dev eth0", "2001:db8:1::77", "fe80::1%eth0"},
	} {
		t.Run(test.family, func(t *testing.T) {
			here, router, subject := netnstest.New(t), netnstest.New(t), netnstest.New(t)
			netnstest.Switch(t, "eth0", here, router, subject)
			redirecting(router)
			here.IP("addr add " + test.here + " dev eth0")
			// A redirect counts only if it comes from the very gateway.
			router.IP(`
				-6 addr flush dev eth0 scope link
				addr add fe80::1/64 dev eth0`)
			router.IP("addr add " + test.router + " dev eth0")
			subject.IP("addr add " + test.subject + " dev eth0")
			here.IP(test.route)

			w := want{"found": true, "kind": "unicast", "on_link": false, "gateway": test.gateway, "interface": "eth0", "table": main, "redirected_to": nil}
			checkRoute(t, here, test.target, "", w)
			here.Run("ping", "-c", "2", "-i", "0.1", "-W", "2", test.target)
			w["redirected_to"] = test.target
			checkRoute(t, here, test.target, "", w)
			here.Do(func() {
				result, err := observe(t.Context(), t, "neighbour", test.target, nil)
				if err != nil {
					t.Fatal(err)
				}
				want{"state": "reachable", "reachable": true}.check(t, "neighbour by redirect", result)
			})
		})
	}
}

func TestRouteRedirectedToGateway(t *testing.T) {
	here, router, better := netnstest.New(t), netnstest.New(t), netnstest.New(t)
	netnstest.Switch(t, "eth0", here, router, better)
	redirecting(router)
	here.IP(`
		addr add 10.1.0.10/24 dev eth0
		route add default via 10.1.0.1`)
	router.IP(`
		addr add 10.1.0.1/24 dev eth0
		route add 10.2.0.0/16 via 10.1.0.2`)
	better.IP(`
		addr add 10.1.0.2/24 dev eth0
		addr add 10.2.0.25/32 dev lo`)
	here.Run("ping", "-c", "2", "-i", "0.1", "-W", "2", "10.2.0.25")
	checkRoute(t, here, "10.2.0.25", "", want{"gateway": "10.1.0.1", "prefix": "0.0.0.0/0", "redirected_to": "10.1.0.2"})
	checkRoute(t, here, "10.2.0.26", "", want{"gateway": "10.1.0.1", "prefix": "0.0.0.0/0", "redirected_to": nil})
}

// redirecting makes n a router that sends redirects to all who listen, which
// hosts do unless told otherwise.
func redirecting(n *netnstest.Namespace) {
	n.Sysctl("net.ipv4.ip_forward", "1")
	n.Sysctl("net.ipv6.conf.all.forwarding", "1")
	n.Sysctl("net.ipv4.conf.all.send_redirects", "1")
}

// A path MTU that the kernel learnt for one destination changes nothing about
// the entry.
func TestRouteWithPathMTU(t *testing.T) {
	here, router, far := netnstest.New(t), netnstest.New(t), netnstest.New(t)
	netnstest.Connect(here, "eth0", router, "eth0")
	netnstest.Connect(router, "eth1", far, "eth0")
	router.Sysctl("net.ipv4.ip_forward", "1")
	router.Sysctl("net.ipv6.conf.all.forwarding", "1")
	here.IP(`
		addr add 10.1.0.10/24 dev eth0
		addr add 2001:db8:1::10/64 dev eth0
		route add default via 10.1.0.1
		-6 route add default via 2001:db8:1::1`)
	router.IP(`
		addr add 10.1.0.1/24 dev eth0
		addr add 2001:db8:1::1/64 dev eth0
		addr add 10.2.0.1/24 dev eth1
		addr add 2001:db8:2::1/64 dev eth1
		link set eth1 mtu 1400`)
	far.IP(`
		addr add 10.2.0.25/24 dev eth0
		addr add 2001:db8:2::25/64 dev eth0
		route add default via 10.2.0.1
		-6 route add default via 2001:db8:2::1
		link set eth0 mtu 1400`)
	for _, test := range []struct{ target, gateway, prefix string }{
		{"10.2.0.25", "10.1.0.1", "0.0.0.0/0"},
		{"2001:db8:2::25", "2001:db8:1::1", "::/0"},
	} {
		// Too big, and known to be so from the second on.
		here.Do(func() {
			exec.Command("ping", "-c", "2", "-i", "0.1", "-W", "0.3", "-M", "do", "-s", "1440", test.target).Run()
		})
		if cached := here.Run("ip", "route", "get", test.target); !strings.Contains(cached, "mtu 1400") {
			t.Errorf("the kernel learnt no path MTU:\n%s", cached)
		}
		checkRoute(t, here, test.target, "", want{"on_link": false, "gateway": test.gateway, "prefix": test.prefix, "redirected_to": nil})
	}
}
