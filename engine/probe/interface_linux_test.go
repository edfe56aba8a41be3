package probe

import (
	"net"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
	"github.com/vishvananda/netlink"
	"github.com/zclconf/go-cty/cty"
)

// checkInterface observes an adapter of the namespace.
func checkInterface(t *testing.T, here *netnstest.Namespace, target string, near []string, w want) {
	t.Helper()
	args := map[string]cty.Value{}
	if near != nil {
		items := []cty.Value{cty.NullVal(cty.String)}
		for _, addr := range near {
			items = append(items, cty.StringVal(addr))
		}
		args["near"] = cty.ListVal(items)
	}
	here.Do(func() {
		t.Helper()
		result, err := observe(t.Context(), t, "interface", target, args)
		if err != nil {
			t.Errorf("interface %q: %v", target, err)
			return
		}
		w.check(t, "interface "+target, result)
	})
}

func texts(s ...string) []any {
	items := []any{}
	for _, text := range s {
		items = append(items, text)
	}
	return items
}

func numbers(n ...float64) []any {
	items := []any{}
	for _, number := range n {
		items = append(items, number)
	}
	return items
}

func TestInterface(t *testing.T) {
	here, lan := netnstest.New(t), netnstest.New(t)
	netnstest.Connect(here, "eth0", lan, "eth0")
	here.IP(`
		link set eth0 address 02:00:00:00:00:10 mtu 1400
		link property add dev eth0 altname uplink
		-6 addr flush dev eth0 scope link
		addr add 2001:db8:1::10/64 dev eth0
		addr add 10.1.0.10/24 dev eth0
		addr add 10.1.0.11/24 dev eth0
		addr add 169.254.7.7/16 dev eth0
		addr add fe80::10/64 dev eth0`)
	all := want{
		"name": "eth0", "found": true, "admin_up": true, "carrier": true,
		"addresses":      texts("10.1.0.10", "10.1.0.11", "2001:db8:1::10"),
		"prefix_lengths": numbers(24, 24, 64),
		"link_local":     texts("169.254.7.7", "fe80::10"),
		"mtu":            1400.0, "mac": "02:00:00:00:00:10", "point_to_point": false,
		"rx_errors": 0.0, "tx_errors": 0.0,
	}
	for _, target := range []string{"eth0", "uplink", "10.1.0.11", "2001:DB8:1::10", "fe80::10", "fe80::10%eth0", ""} {
		checkInterface(t, here, target, nil, all)
	}
	nothing := want{
		"name": nil, "found": false, "admin_up": nil, "carrier": nil,
		"addresses": texts(), "prefix_lengths": numbers(), "link_local": texts(),
		"mtu": nil, "mac": nil, "point_to_point": nil, "rx_errors": nil, "tx_errors": nil,
	}
	for _, target := range []string{"eth1", "10.1.0.12", "fe80::10%lo", "2001:db8:1::"} {
		checkInterface(t, here, target, nil, nothing)
	}
	checkInterface(t, here, "127.0.0.1", nil, want{"name": "lo", "found": true, "admin_up": true, "carrier": true, "mac": nil,
		"addresses": texts("127.0.0.1", "::1"), "prefix_lengths": numbers(8, 128), "link_local": texts()})
}

func TestInterfaceToOneOtherEnd(t *testing.T) {
	here := netnstest.New(t)
	here.IP(`
		tuntap add tun0 mode tun
		link set tun0 up`)
	checkInterface(t, here, "tun0", nil, want{"found": true, "point_to_point": true, "mac": nil})
}

func TestInterfaceState(t *testing.T) {
	for _, test := range []struct {
		name     string
		commands func(here, lan *netnstest.Namespace)
		want     want
	}{
		{"switched off", func(here, _ *netnstest.Namespace) { here.IP("link set eth0 down") },
			// What the cable is like can't be seen; IPv4 addresses stay, those of IPv6 go.
			want{"name": "eth0", "found": true, "admin_up": false, "carrier": unknown, "addresses": texts("10.1.0.10"), "link_local": texts()}},
		{"other end off", func(_, lan *netnstest.Namespace) { lan.IP("link set eth0 down") },
			want{"name": "eth0", "found": true, "admin_up": true, "carrier": false, "addresses": texts("10.1.0.10", "2001:db8:1::10")}},
		{"no address", func(here, _ *netnstest.Namespace) { here.IP("addr flush dev eth0 scope global") },
			want{"name": "eth0", "found": true, "admin_up": true, "carrier": true, "addresses": texts(), "prefix_lengths": numbers()}},
		{"IPv6 only", func(here, _ *netnstest.Namespace) { here.IP("-4 addr flush dev eth0") },
			want{"name": "eth0", "found": true, "addresses": texts("2001:db8:1::10"), "prefix_lengths": numbers(64)}},
		{"other end of a point-to-point link", func(here, _ *netnstest.Namespace) {
			here.IP(`
				-4 addr flush dev eth0
				addr add 10.9.0.1 peer 10.9.0.2/32 dev eth0`)
		},
			want{"name": "eth0", "found": true, "addresses": texts("10.9.0.1", "2001:db8:1::10"), "prefix_lengths": numbers(32, 64)}},
		{"gone", func(here, _ *netnstest.Namespace) { here.IP("link del eth0") },
			want{"name": nil, "found": false, "admin_up": nil}},
	} {
		t.Run(test.name, func(t *testing.T) {
			here, lan := netnstest.New(t), netnstest.New(t)
			netnstest.Connect(here, "eth0", lan, "eth0")
			here.IP(`
				addr add 10.1.0.10/24 dev eth0
				addr add 2001:db8:1::10/64 dev eth0
				route add default via 10.1.0.1`)
			test.commands(here, lan)
			checkInterface(t, here, "", nil, test.want)
		})
	}
}

// Which adapters count as backed by a device: in a namespace there is no
// hardware, so it is those whose cable leads out of it.
func TestInterfaceOnlyOne(t *testing.T) {
	for _, test := range []struct{ name, commands, want string }{
		{"beside a cable within", "link add v0 type veth peer name v1", "eth0"},
		{"beside an empty bridge", "link add br0 type bridge", "eth0"},
		{"as a port of a bridge", `
			link add br0 type bridge
			link set eth0 master br0`, "br0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			here, lan := netnstest.New(t), netnstest.New(t)
			netnstest.Connect(here, "eth0", lan, "eth0")
			here.IP(test.commands)
			checkInterface(t, here, "", nil, want{"name": test.want, "found": true})
		})
	}
}

func TestBackedByDevice(t *testing.T) {
	const inside, outside = -1, 0 // where the other end is: IFLA_LINK_NETNSID
	attrs := func(index, master, netNs int) netlink.LinkAttrs {
		return netlink.LinkAttrs{Index: index, MasterIndex: master, NetNsID: netNs}
	}
	lo := &netlink.Device{LinkAttrs: netlink.LinkAttrs{Index: 1, Flags: net.FlagLoopback, NetNsID: inside}}
	modem := &netlink.GenericLink{LinkType: "wwan", LinkAttrs: attrs(2, 0, inside)}
	modem.ParentDev = "0000:00:14.0"
	for _, test := range []struct {
		name  string
		links []netlink.Link
		want  map[int]bool
	}{
		{"hardware with containers", []netlink.Link{lo,
			&netlink.Device{LinkAttrs: attrs(2, 0, inside)},
			&netlink.Bridge{LinkAttrs: attrs(3, 0, inside)},
			&netlink.Veth{LinkAttrs: attrs(4, 3, outside)},
			&netlink.Wireguard{LinkAttrs: attrs(5, 0, inside)},
		}, map[int]bool{2: true}},
		{"modem", []netlink.Link{lo, modem}, map[int]bool{2: true}},
		{"bond in a bridge", []netlink.Link{lo,
			&netlink.Device{LinkAttrs: attrs(2, 4, inside)},
			&netlink.Device{LinkAttrs: attrs(3, 4, inside)},
			&netlink.Bond{LinkAttrs: attrs(4, 5, inside)},
			&netlink.Bridge{LinkAttrs: attrs(5, 0, inside)},
		}, map[int]bool{5: true}},
		{"member of a VRF", []netlink.Link{lo,
			&netlink.Device{LinkAttrs: attrs(2, 3, inside)},
			&netlink.Vrf{LinkAttrs: attrs(3, 0, inside)},
		}, map[int]bool{2: true}},
		{"container, with the tunnels that some kernels put into each", []netlink.Link{lo,
			&netlink.Iptun{LinkAttrs: attrs(2, 0, inside)},
			&netlink.Sittun{LinkAttrs: attrs(3, 0, inside)},
			&netlink.Veth{LinkAttrs: attrs(4, 0, outside)},
		}, map[int]bool{4: true}},
		{"nothing", []netlink.Link{lo}, map[int]bool{}},
		{"a list that is of two moments", []netlink.Link{lo,
			&netlink.Bridge{LinkAttrs: attrs(2, 3, outside)},
			&netlink.Bridge{LinkAttrs: attrs(3, 2, inside)},
		}, map[int]bool{3: true}},
	} {
		if diff := cmp.Diff(test.want, backedByDevice(test.links)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
