package neighbour

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/linecheck/linecheck/engine/probe/internal/rtnetlink"
	"github.com/linecheck/linecheck/engine/probe/internal/truth"
	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// An Entry is what was seen of a neighbour.
type Entry struct {
	State     int              // NUD_… of linux/neighbour.h
	MAC       net.HardwareAddr // nil for none
	Reachable truth.Value
	// asked says that the host was asked and either answered, from AnsweredBy,
	// or had its time to.
	Asked      bool
	AnsweredBy net.HardwareAddr // nil for nobody
	// flags and extFlags are the entry's NTF_… and NTF_EXT_….
	flags, extFlags int
}

// A Host is a host on the same link.
type Host struct {
	// World is whose Dial sends the datagram that makes the kernel ask where this
	// program may not.
	World  *engine.World
	Addr   netip.Addr
	Source netip.Addr // own address that it is talked to from; may be the zero
	Link   netlink.Link
	// From is the link-local address that an IPv6 question is sent from; the zero
	// leaves that to the kernel.
	From netip.Addr
	// Claims has whatever comes from the neighbour count as its answer, a request
	// of its own as well.
	Claims bool
}

// Look reads the kernel's entry as it stands. What nobody asks for may be
// anything, hence unknown.
func (n *Host) Look() (Entry, error) {
	if n.Link.Attrs().RawFlags&unix.IFF_NOARP != 0 {
		return Entry{State: netlink.NUD_NOARP}, nil
	}
	family := netlink.FAMILY_V6
	if n.Addr.Is4() {
		family = netlink.FAMILY_V4
	}
	entries, err := rtnetlink.List(func() ([]netlink.Neigh, error) { return netlink.NeighList(n.Link.Attrs().Index, family) })
	if err != nil {
		return Entry{}, fmt.Errorf("list neighbours: %w", err)
	}
	for i := range entries {
		if n.is(&entries[i]) {
			return entryOf(&entries[i]), nil
		}
	}
	return Entry{}, nil
}

func (n *Host) is(entry *netlink.Neigh) bool {
	return entry.LinkIndex == n.Link.Attrs().Index && rtnetlink.AddrOf(entry.IP) == n.Addr.WithZone("")
}

func entryOf(entry *netlink.Neigh) Entry {
	s := Entry{State: entry.State, MAC: entry.HardwareAddr, flags: entry.Flags, extFlags: entry.FlagsExt}
	switch entry.State {
	case netlink.NUD_REACHABLE:
		s.Reachable = truth.Yes
	case netlink.NUD_FAILED:
		s.Reachable = truth.No
	}
	return s
}

// Provoke makes the kernel ask the host and waits until it knows, at most
// until ctx is done. A permanent entry it never questions: then we ask.
func (n *Host) Provoke(ctx context.Context) (Entry, error) {
	s, err := n.Look()
	if err != nil {
		return s, err
	}
	switch s.State {
	case netlink.NUD_NOARP:
		return s, nil
	case netlink.NUD_PERMANENT:
		return n.askPermanent(ctx, s)
	}
	known := s.MAC != nil
	asked, err := n.makeKernelAsk(ctx, s)
	if err != nil {
		return s, err
	}
	if !asked && s.Reachable == truth.Yes {
		return s, nil // as confirmed lately, which is all that may be learnt
	}
	s, err = n.wait(ctx)
	if err == nil && s.State == netlink.NUD_FAILED && known {
		// The kernel asked the address that it knew. It asks everybody when
		// the host is wanted next, and so finds one whose adapter was
		// replaced: want it, in the time that is left.
		if _, err = n.makeKernelAsk(ctx, s); err != nil {
			return s, err
		}
		var again Entry
		if again, err = n.wait(ctx); again.State == netlink.NUD_REACHABLE {
			s = again
		}
	}
	final := s.State == netlink.NUD_REACHABLE || s.State == netlink.NUD_FAILED
	if s.Asked = asked && final; s.State == netlink.NUD_REACHABLE {
		s.AnsweredBy = s.MAC
	}
	return s, err
}

// makeKernelAsk makes the kernel ask the host without a packet of ours, and
// reports whether it does so at once. An ordinary user may not, but can want
// something of the host: a datagram to its discard port. For an entry that was
// once confirmed the kernel then takes another 5 s before it asks
// (delay_first_probe_time of arp(7)).
func (n *Host) makeKernelAsk(ctx context.Context, s Entry) (bool, error) {
	entry := netlink.Neigh{
		LinkIndex: n.Link.Attrs().Index,
		IP:        n.Addr.AsSlice(),
		// Left out, they would be taken from the entry.
		Flags:    s.flags,
		FlagsExt: s.extFlags,
	}
	switch s.State {
	case netlink.NUD_INCOMPLETE, netlink.NUD_PROBE:
		return true, nil // it is asking
	case netlink.NUD_REACHABLE, netlink.NUD_STALE, netlink.NUD_DELAY:
		entry.State = netlink.NUD_PROBE
		err := netlink.NeighSet(&entry)
		if err == nil {
			return true, nil
		}
		if errors.Is(err, unix.EPERM) {
			n.sendDatagram(ctx)
			return false, nil
		}
		// The entry may be gone by now (EINVAL): start anew.
		entry.State = netlink.NUD_NONE
	}
	entry.Flags |= netlink.NTF_USE
	err := netlink.NeighSet(&entry)
	if errors.Is(err, unix.EPERM) {
		return n.sendDatagram(ctx), nil
	}
	if err != nil {
		return false, fmt.Errorf("make the kernel ask: %w", err)
	}
	return true, nil
}

// discardPort throws away what it is sent (RFC 863).
const discardPort = 9

// sendDatagram sends the host an empty datagram and reports whether that was
// possible.
func (n *Host) sendDatagram(ctx context.Context) bool {
	conn, err := netconn.Dial(ctx, n.World, "udp", netip.AddrPortFrom(n.Addr, discardPort).String())
	if err != nil {
		return false
	}
	defer conn.Close()
	_, err = conn.Write(nil)
	return err == nil
}

// wait follows the kernel's entry until its state is final or ctx is done.
func (n *Host) wait(ctx context.Context) (Entry, error) {
	socket, err := nl.Subscribe(unix.NETLINK_ROUTE, unix.RTNLGRP_NEIGH)
	if err != nil {
		return Entry{}, fmt.Errorf("subscribe to neighbours: %w", err)
	}
	defer socket.Close()
	defer context.AfterFunc(ctx, socket.Close)()
	// Subscribed first and then looked: no change is missed.
	s, err := n.Look()
	for err == nil && !s.final() {
		var messages []syscall.NetlinkMessage
		messages, _, err = socket.Receive()
		switch {
		case ctx.Err() != nil:
			return s, nil
		case errors.Is(err, unix.ENOBUFS):
			s, err = n.Look() // some were lost
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
func (s *Entry) final() bool {
	switch s.State {
	case netlink.NUD_INCOMPLETE, netlink.NUD_STALE, netlink.NUD_DELAY, netlink.NUD_PROBE:
		return false
	}
	return true
}

// change is what a message says of the neighbour, false if nothing.
func (n *Host) change(m syscall.NetlinkMessage) (Entry, bool) {
	if m.Header.Type != unix.RTM_NEWNEIGH && m.Header.Type != unix.RTM_DELNEIGH {
		return Entry{}, false
	}
	entry, err := netlink.NeighDeserialize(m.Data)
	if err != nil || !n.is(entry) {
		return Entry{}, false
	}
	if m.Header.Type == unix.RTM_DELNEIGH {
		return Entry{}, true
	}
	return entryOf(entry), true
}
