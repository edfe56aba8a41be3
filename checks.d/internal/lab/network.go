//go:build linux

package lab

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// A Network is a set of computers in network namespaces of their own.
type Network struct {
	Domain   string // "site1234.example"
	MailName string // the mail host's full name
	GWName   string // the gateway computer's full name

	t     testing.TB
	plan  *plan
	dir   string // configuration, queues and logs of its daemons
	hosts map[string]*Host
	env   []string
}

// A Host is one computer of a Network.
type Host struct {
	Name string
	net  *Network
	plan *hostPlan
	ns   namespace
	// What runs on the host. The services can be replaced by name.
	services map[string]func() // how to stop it, by what it is ("mail", "dns" …)
	mail     *process          // Postfix
	dns      *process          // dnsmasq
}

var networks atomic.Int32 // built by this process, for unique names

// New builds a network and starts Postfix on mail and dnsmasq on dns. It is
// taken down when the test ends. A failure to build it fails the test.
func New(t testing.TB, shape Shape) *Network {
	t.Helper()
	n := Bare(t, shape)
	n.Host("dns").StartDNS(DNS{})
	n.Host("mail").StartMail(Mail{})
	return n
}

// Bare builds a network like [New] without any daemon.
func Bare(t testing.TB, shape Shape) *Network {
	t.Helper()
	Need(t)
	if _, err := guard(); err != nil {
		t.Fatalf("lab: %v", err)
	}
	if shape.Name == "" {
		shape.Name = t.Name()
	}
	p := newPlan(shape)
	n := &Network{
		Domain: p.domain, MailName: p.mailName, GWName: p.gwName,
		t: t, plan: p, hosts: map[string]*Host{},
	}
	prefix := fmt.Sprintf("%s%d-", ourPrefix(), networks.Add(1))
	n.dir = filepath.Join(os.TempDir(), strings.TrimSuffix(prefix, "-"))
	t.Cleanup(n.down)
	if err := n.build(prefix); err != nil {
		t.Fatalf("lab: %v", err)
	}
	return n
}

// Host returns the computer of that name: gw, peer, r1 …, mail, dns, mailpeer,
// or sw, which holds both LANs' bridges.
func (n *Network) Host(name string) *Host {
	h := n.hosts[name]
	if h == nil {
		n.t.Helper()
		n.t.Fatalf("lab: there is no host %q in this network", name)
	}
	return h
}

// Addr is the host's address on eth0, IPv4 where it has one.
func (h *Host) Addr() netip.Addr { return h.plan.ifaces[0].addr[0].Addr() }

func (n *Network) build(prefix string) error {
	if err := publicDir(n.dir); err != nil {
		return err
	}
	// The switch is a host like the others, with no adapter of its own.
	plans := append([]*hostPlan{{name: "sw"}}, n.plan.hosts...)
	for _, p := range plans {
		n.hosts[p.name] = &Host{Name: p.name, net: n, plan: p, services: map[string]func(){},
			ns: namespace{name: prefix + p.name, handle: netns.None()}}
	}
	n.env = n.environment(prefix)
	return onThread(func() error {
		for _, p := range plans {
			if err := n.hosts[p.name].boot(); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
		}
		if err := n.bridges(); err != nil {
			return err
		}
		for _, p := range n.plan.hosts {
			for _, iface := range p.ifaces {
				if err := n.plug(n.hosts[p.name], iface); err != nil {
					return fmt.Errorf("%s %s: %w", p.name, iface.name, err)
				}
			}
		}
		for _, p := range n.plan.hosts {
			if err := n.routes(n.hosts[p.name]); err != nil {
				return fmt.Errorf("routes of %s: %w", p.name, err)
			}
		}
		return nil
	})
}

// boot makes the host's namespace and its files. The thread is in the
// namespace afterwards.
func (h *Host) boot() error {
	if err := h.ns.create(); err != nil {
		return err
	}
	sysctl := map[string]string{
		"net/ipv6/conf/default/accept_dad": "0", // an address is usable at once
		"net/ipv6/conf/default/accept_ra":  "0",
		"net/ipv4/conf/all/rp_filter":      "0",
		"net/ipv4/conf/default/rp_filter":  "0",
	}
	if h.plan.router {
		sysctl["net/ipv4/ip_forward"] = "1"
		sysctl["net/ipv6/conf/all/forwarding"] = "1"
	}
	for name, value := range sysctl {
		if err := os.WriteFile("/proc/sys/"+name, []byte(value), 0); err != nil {
			return err
		}
	}
	lo, err := h.ns.netlink.LinkByName("lo")
	if err != nil {
		return err
	}
	if err := h.ns.netlink.LinkSetUp(lo); err != nil {
		return err
	}
	return h.files()
}

// bridges makes the two LANs. They learn nothing by spanning tree or multicast
// snooping: a port forwards from the first packet on.
func (n *Network) bridges() error {
	sw := n.hosts["sw"]
	no := false
	for name, lan := range n.plan.lans {
		if name != lan.name {
			continue // one LAN is both
		}
		bridge := &netlink.Bridge{MulticastSnooping: &no, LinkAttrs: netlink.LinkAttrs{Name: name}}
		if err := sw.ns.netlink.LinkAdd(bridge); err != nil {
			return fmt.Errorf("bridge %s: %w", name, err)
		}
		if err := sw.ns.netlink.LinkSetUp(bridge); err != nil {
			return err
		}
	}
	return nil
}

// plug connects one adapter to its bridge or to the next router, and gives it
// its addresses. A bridge port is called after its computer, with a b for the
// side of a router that faces away from the gateway computer.
func (n *Network) plug(h *Host, iface *ifacePlan) error {
	if iface.lan != nil {
		port := h.Name
		if iface.name == "eth1" {
			port += "b"
		}
		if err := n.wire(h, iface.name, n.hosts["sw"], port); err != nil {
			return err
		}
		if err := n.hosts["sw"].enslave(port, iface.lan.name); err != nil {
			return err
		}
	} else if iface.next != nil {
		if err := n.wire(h, iface.name, n.hosts[iface.next.name], "eth0"); err != nil {
			return err
		}
	}
	link, err := h.ns.netlink.LinkByName(iface.name)
	if err != nil {
		return err
	}
	// Up before it has an address: IPv6 gives a link that is not up no route.
	if err := h.ns.netlink.LinkSetUp(link); err != nil {
		return err
	}
	for _, prefix := range iface.addr {
		addr := &netlink.Addr{IPNet: ipnet(prefix)}
		if prefix.Addr().Is6() {
			addr.Flags = unix.IFA_F_NODAD
		}
		if err := h.ns.netlink.AddrAdd(link, addr); err != nil {
			return fmt.Errorf("address %v: %w", prefix, err)
		}
	}
	return nil
}

// wire lays a cable between two computers.
func (n *Network) wire(a *Host, aName string, b *Host, bName string) error {
	return a.ns.netlink.LinkAdd(&netlink.Veth{
		LinkAttrs:     netlink.LinkAttrs{Name: aName},
		PeerName:      bName,
		PeerNamespace: netlink.NsFd(b.ns.handle),
	})
}

// enslave makes a port part of a bridge and brings it up.
func (h *Host) enslave(port, bridge string) error {
	link, err := h.ns.netlink.LinkByName(port)
	if err != nil {
		return err
	}
	master, err := h.ns.netlink.LinkByName(bridge)
	if err != nil {
		return err
	}
	if err := h.ns.netlink.LinkSetMaster(link, master); err != nil {
		return err
	}
	return h.ns.netlink.LinkSetUp(link)
}

// routes fills the routing table of one host.
func (n *Network) routes(h *Host) error {
	for _, r := range n.plan.routes(h.plan) {
		route := &netlink.Route{Dst: ipnet(r.to), Gw: r.via.AsSlice()}
		if err := h.ns.netlink.RouteAdd(route); err != nil {
			return fmt.Errorf("route to %v via %v: %w", r.to, r.via, err)
		}
	}
	return nil
}

// down kills what runs in the network and removes it.
func (n *Network) down() {
	for _, h := range n.hosts {
		for name := range h.services {
			h.stop(name)
		}
	}
	for _, h := range n.hosts {
		if err := h.ns.remove(); err != nil {
			n.t.Errorf("lab: %v", err)
		}
	}
	if err := os.RemoveAll(n.dir); err != nil {
		n.t.Errorf("lab: %v", err)
	}
}

// publicDir makes a folder that ordinary users may look into, whatever the umask.
func publicDir(path string) error {
	return errors.Join(os.Mkdir(path, 0o755), os.Chmod(path, 0o755))
}

func ipnet(p netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
}
