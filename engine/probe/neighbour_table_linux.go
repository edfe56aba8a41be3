package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// A sighting is what was seen of a neighbour.
type sighting struct {
	state     int              // NUD_… of linux/neighbour.h
	mac       net.HardwareAddr // nil for none
	reachable truth
	// asked says that the host was asked and either answered, from answeredBy,
	// or had its time to.
	asked      bool
	answeredBy net.HardwareAddr // nil for nobody
	// flags and extFlags are the entry's NTF_… and NTF_EXT_….
	flags, extFlags int
}

// A neighbour is a host on the same link.
type neighbour struct {
	addr   netip.Addr
	source netip.Addr // own address that it is talked to from; may be the zero
	link   netlink.Link
	// from is the link-local address that an IPv6 question is sent from; the zero
	// leaves that to the kernel.
	from netip.Addr
	// claims has whatever comes from the neighbour count as its answer, a request
	// of its own as well.
	claims bool
}

// look reads the kernel's entry as it stands. What nobody asks for may be
// anything, hence unknown.
func (n *neighbour) look() (sighting, error) {
	if n.link.Attrs().RawFlags&unix.IFF_NOARP != 0 {
		return sighting{state: netlink.NUD_NOARP}, nil
	}
	family := netlink.FAMILY_V6
	if n.addr.Is4() {
		family = netlink.FAMILY_V4
	}
	entries, err := list(func() ([]netlink.Neigh, error) { return netlink.NeighList(n.link.Attrs().Index, family) })
	if err != nil {
		return sighting{}, fmt.Errorf("list neighbours: %w", err)
	}
	for i := range entries {
		if n.is(&entries[i]) {
			return sightingOf(&entries[i]), nil
		}
	}
	return sighting{}, nil
}

func (n *neighbour) is(entry *netlink.Neigh) bool {
	return entry.LinkIndex == n.link.Attrs().Index && addrOf(entry.IP) == n.addr.WithZone("")
}

func sightingOf(entry *netlink.Neigh) sighting {
	s := sighting{state: entry.State, mac: entry.HardwareAddr, flags: entry.Flags, extFlags: entry.FlagsExt}
	switch entry.State {
	case netlink.NUD_REACHABLE:
		s.reachable = yes
	case netlink.NUD_FAILED:
		s.reachable = no
	}
	return s
}

// provoke makes the kernel ask the host and waits until it knows, at most
// until ctx is done. A permanent entry it never questions: then we ask.
func (n *neighbour) provoke(ctx context.Context) (sighting, error) {
	s, err := n.look()
	if err != nil {
		return s, err
	}
	switch s.state {
	case netlink.NUD_NOARP:
		return s, nil
	case netlink.NUD_PERMANENT:
		return n.askPermanent(ctx, s)
	}
	known := s.mac != nil
	asked, err := n.makeKernelAsk(s)
	if err != nil {
		return s, err
	}
	if !asked && s.reachable == yes {
		return s, nil // as confirmed lately, which is all that may be learnt
	}
	s, err = n.wait(ctx)
	if err == nil && s.state == netlink.NUD_FAILED && known {
		// The kernel asked the address that it knew. It asks everybody when
		// the host is wanted next, and so finds one whose adapter was
		// replaced: want it, in the time that is left.
		if _, err = n.makeKernelAsk(s); err != nil {
			return s, err
		}
		var again sighting
		if again, err = n.wait(ctx); again.state == netlink.NUD_REACHABLE {
			s = again
		}
	}
	final := s.state == netlink.NUD_REACHABLE || s.state == netlink.NUD_FAILED
	if s.asked = asked && final; s.state == netlink.NUD_REACHABLE {
		s.answeredBy = s.mac
	}
	return s, err
}

// makeKernelAsk makes the kernel ask the host without a packet of ours, and
// reports whether it does so at once. An ordinary user may not, but can want
// something of the host: a datagram to its discard port. For an entry that was
// once confirmed the kernel then takes another 5 s before it asks
// (delay_first_probe_time of arp(7)).
func (n *neighbour) makeKernelAsk(s sighting) (bool, error) {
	entry := netlink.Neigh{
		LinkIndex: n.link.Attrs().Index,
		IP:        n.addr.AsSlice(),
		// Left out, they would be taken from the entry.
		Flags:    s.flags,
		FlagsExt: s.extFlags,
	}
	switch s.state {
	case netlink.NUD_INCOMPLETE, netlink.NUD_PROBE:
		return true, nil // it is asking
	case netlink.NUD_REACHABLE, netlink.NUD_STALE, netlink.NUD_DELAY:
		entry.State = netlink.NUD_PROBE
		err := netlink.NeighSet(&entry)
		if err == nil {
			return true, nil
		}
		if errors.Is(err, unix.EPERM) {
			n.wantSomething()
			return false, nil
		}
		// The entry may be gone by now (EINVAL): start anew.
		entry.State = netlink.NUD_NONE
	}
	entry.Flags |= netlink.NTF_USE
	err := netlink.NeighSet(&entry)
	if errors.Is(err, unix.EPERM) {
		return n.wantSomething(), nil
	}
	if err != nil {
		return false, fmt.Errorf("make the kernel ask: %w", err)
	}
	return true, nil
}

// discardPort throws away what it is sent (RFC 863).
const discardPort = 9

// wantSomething sends the host an empty datagram and reports whether that was
// possible.
func (n *neighbour) wantSomething() bool {
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(n.addr, discardPort)))
	if err != nil {
		return false
	}
	defer conn.Close()
	_, err = conn.Write(nil)
	return err == nil
}

// wait follows the kernel's entry until its state is final or ctx is done.
func (n *neighbour) wait(ctx context.Context) (sighting, error) {
	socket, err := nl.Subscribe(unix.NETLINK_ROUTE, unix.RTNLGRP_NEIGH)
	if err != nil {
		return sighting{}, fmt.Errorf("subscribe to neighbours: %w", err)
	}
	defer socket.Close()
	defer context.AfterFunc(ctx, socket.Close)()
	// Subscribed first and then looked: no change is missed.
	s, err := n.look()
	for err == nil && !s.final() {
		var messages []syscall.NetlinkMessage
		messages, _, err = socket.Receive()
		switch {
		case ctx.Err() != nil:
			return s, nil
		case errors.Is(err, unix.ENOBUFS):
			s, err = n.look() // some were lost
		}
		for _, m := range messages {
			if changed, ok := n.change(m); ok {
				s = changed
			}
		}
	}
	return s, err
}

// final reports whether the kernel will not change its mind soon.
func (s *sighting) final() bool {
	switch s.state {
	case netlink.NUD_INCOMPLETE, netlink.NUD_STALE, netlink.NUD_DELAY, netlink.NUD_PROBE:
		return false
	}
	return true
}

// change is what a message says of the neighbour, false if nothing.
func (n *neighbour) change(m syscall.NetlinkMessage) (sighting, bool) {
	if m.Header.Type != unix.RTM_NEWNEIGH && m.Header.Type != unix.RTM_DELNEIGH {
		return sighting{}, false
	}
	entry, err := netlink.NeighDeserialize(m.Data)
	if err != nil || !n.is(entry) {
		return sighting{}, false
	}
	if m.Header.Type == unix.RTM_DELNEIGH {
		return sighting{}, true
	}
	return sightingOf(entry), true
}
