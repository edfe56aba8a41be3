package neighbour

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/linecheck/linecheck/engine/probe/internal/rtnetlink"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// AskAll asks all hosts on the link for each of some neighbours and returns
// who answers within the time, this computer's own adapters left out. It needs raw
// sockets; without the right to one, or on a link that is no Ethernet, nobody is
// asked.
func AskAll(ctx context.Context, patience time.Duration, neighbours ...Host) ([][]net.HardwareAddr, error) {
	answers := make([][]net.HardwareAddr, len(neighbours))
	own, err := ownMACs()
	if err != nil {
		return nil, err
	}
	asked := make([]*query, len(neighbours))
	for i := range neighbours {
		q, err := neighbours[i].query()
		if err != nil {
			return nil, fmt.Errorf("ask: %w", err)
		}
		if q == nil {
			continue
		}
		defer q.conn.Close()
		defer context.AfterFunc(ctx, func() { q.conn.SetReadDeadline(netconn.Past) })()
		if q.send() == nil { // else nobody hears: the adapter is off, or has no carrier
			asked[i] = q
		}
	}
	until := time.Now().Add(patience)
	for i, q := range asked {
		if q == nil {
			continue
		}
		if answers[i], err = q.collect(ctx, until, own); err != nil {
			return nil, fmt.Errorf("ask: %w", err)
		}
	}
	return answers, nil
}

// query opens a socket to ask for the neighbour with; nil where that can't be.
func (n *Host) query() (*query, error) {
	if attrs := n.Link.Attrs(); attrs.EncapType != "ether" || len(attrs.HardwareAddr) != ethernetAddr || attrs.RawFlags&unix.IFF_NOARP != 0 {
		return nil, nil
	}
	open := n.openNDP
	if n.Addr.Is4() {
		open = n.openARP
	}
	q, err := open()
	if errors.Is(err, unix.EPERM) {
		return nil, nil
	}
	return q, err
}

// readGrace is more than it takes to read what a socket holds.
const readGrace = 10 * time.Millisecond

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// collect gathers the link-layer addresses that answer, but for our own.
func (q *query) collect(ctx context.Context, until time.Time, own []net.HardwareAddr) ([]net.HardwareAddr, error) {
	var answered []net.HardwareAddr
	// What has come in meanwhile is read, though the time is up.
	q.conn.SetReadDeadline(later(until, time.Now().Add(readGrace)))
	for ctx.Err() == nil {
		mac, err := q.read()
		if errors.Is(err, os.ErrDeadlineExceeded) {
			break
		}
		if err != nil {
			return nil, err
		}
		same := func(other net.HardwareAddr) bool { return bytes.Equal(mac, other) }
		if mac != nil && !slices.ContainsFunc(own, same) && !slices.ContainsFunc(answered, same) {
			answered = append(answered, mac)
		}
	}
	return answered, nil
}

// ownMACs are the link-layer addresses of this computer: it answers for all of its
// addresses on all of its adapters (arp_ignore of ip-sysctl.rst).
func ownMACs() ([]net.HardwareAddr, error) {
	links, err := rtnetlink.List(netlink.LinkList)
	if err != nil {
		return nil, fmt.Errorf("list adapters: %w", err)
	}
	var macs []net.HardwareAddr
	for _, link := range links {
		macs = append(macs, link.Attrs().HardwareAddr, link.Attrs().PermHWAddr)
	}
	return slices.DeleteFunc(macs, func(mac net.HardwareAddr) bool { return len(mac) == 0 }), nil
}
