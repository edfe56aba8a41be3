package neighbour

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/linecheck/linecheck/engine/probe/internal/truth"
	"golang.org/x/net/ipv6"
	"golang.org/x/sys/unix"
)

const (
	// askTimes and askInterval are the kernel's own (mcast_solicit and
	// retrans_time of arp(7)): who is silent for that long is not there.
	askTimes    = 3
	askInterval = time.Second
	// askGrace is how long the address that was set by hand may still answer
	// after another did: they are on the same link.
	askGrace = 100 * time.Millisecond
)

// askPermanent asks past the kernel's table whether the host answers from the
// address that s, a permanent entry, has. It needs raw sockets; without the
// right to one, or on a link that is no Ethernet, that stays unknown.
func (n *Host) askPermanent(ctx context.Context, s Entry) (Entry, error) {
	q, err := n.query()
	if err != nil {
		return s, fmt.Errorf("ask: %w", err)
	}
	if q == nil {
		return s, nil
	}
	defer q.conn.Close()
	defer context.AfterFunc(ctx, func() { q.conn.SetReadDeadline(netconn.Past) })()

	s.AnsweredBy, err = q.ask(ctx, s.MAC)
	if err != nil {
		return s, fmt.Errorf("ask: %w", err)
	}
	answers := bytes.Equal(s.AnsweredBy, s.MAC)
	if !answers && ctx.Err() != nil {
		return s, nil // it had no time to answer
	}
	s.Asked = true
	s.Reachable = truth.Of(answers)
	return s, nil
}

// A query is an open socket and how to ask for one neighbour with it.
type query struct {
	conn interface {
		SetReadDeadline(time.Time) error
		Close() error
	}
	send func() error
	// read reads one packet and returns the link-layer address in it, nil if
	// it answers something else.
	read func() (net.HardwareAddr, error)
}

// ask returns the link-layer address that answers, expected if that is among
// them; nil for nobody.
func (q *query) ask(ctx context.Context, expected net.HardwareAddr) (net.HardwareAddr, error) {
	var other net.HardwareAddr
	for range askTimes {
		if err := q.send(); err != nil {
			return nil, err
		}
		until := time.Now().Add(askInterval)
		for {
			q.conn.SetReadDeadline(until)
			// Done meanwhile, ctx had set a deadline that is overwritten now.
			if ctx.Err() != nil {
				return other, nil
			}
			mac, err := q.read()
			if errors.Is(err, os.ErrDeadlineExceeded) {
				break
			}
			if err != nil {
				return nil, err
			}
			if bytes.Equal(mac, expected) {
				return mac, nil
			}
			if mac != nil && other == nil {
				other = mac
				until = time.Now().Add(askGrace)
			}
		}
		if other != nil {
			return other, nil
		}
	}
	return nil, nil
}

// ethernetAddr is the length of an Ethernet address.
const ethernetAddr = 6

// ARP packets for IPv4 over Ethernet (RFC 826).
const (
	arpLen     = 28
	arpRequest = 1
	arpReply   = 2
)

// openARP asks all hosts on the link for the neighbour's address.
func (n *Host) openARP() (*query, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	here := &unix.SockaddrLinklayer{Protocol: networkOrder(unix.ETH_P_ARP), Ifindex: n.Link.Attrs().Index}
	if err := unix.Bind(fd, here); err != nil {
		unix.Close(fd)
		return nil, os.NewSyscallError("bind", err)
	}
	broadcast := *here
	broadcast.Halen = ethernetAddr
	copy(broadcast.Addr[:], bytes.Repeat([]byte{0xff}, ethernetAddr))

	request := n.arpRequest()
	f := os.NewFile(uintptr(fd), "arp") // for its deadlines
	buf := make([]byte, 64)
	return &query{
		conn: f,
		send: func() error { return os.NewSyscallError("sendto", unix.Sendto(fd, request, 0, &broadcast)) },
		read: func() (net.HardwareAddr, error) {
			size, err := f.Read(buf)
			return n.arpAnswer(buf[:size]), err
		},
	}, nil
}

// networkOrder is v as a field in network byte order.
func networkOrder(v uint16) uint16 {
	return binary.NativeEndian.Uint16(binary.BigEndian.AppendUint16(nil, v))
}

func (n *Host) arpRequest() []byte {
	source := n.Source
	if !source.IsValid() {
		source = netip.IPv4Unspecified() // an ARP probe (RFC 5227, 2.1.1)
	}
	p := make([]byte, 0, arpLen)
	p = binary.BigEndian.AppendUint16(p, unix.ARPHRD_ETHER)
	p = binary.BigEndian.AppendUint16(p, unix.ETH_P_IP)
	p = append(p, ethernetAddr, net.IPv4len)
	p = binary.BigEndian.AppendUint16(p, arpRequest)
	p = append(p, n.Link.Attrs().HardwareAddr...)
	p = append(p, source.AsSlice()...)
	p = append(p, make([]byte, ethernetAddr)...)
	return append(p, n.Addr.AsSlice()...)
}

// arpAnswer is the link-layer address in a reply about the neighbour; with claims
// in whatever it sends.
func (n *Host) arpAnswer(p []byte) net.HardwareAddr {
	if len(p) < arpLen || p[4] != ethernetAddr || p[5] != net.IPv4len || !n.Claims && binary.BigEndian.Uint16(p[6:]) != arpReply {
		return nil
	}
	if sender, _ := netip.AddrFromSlice(p[14:18]); sender != n.Addr {
		return nil
	}
	return bytes.Clone(p[8:14])
}

// Neighbour discovery (RFC 4861, 4.3, 4.4 and 4.6.1).
const (
	ndpHopLimit      = 255  // proves that a packet passed no router
	ndpHeaderLen     = 24   // ICMPv6 header, flags and target
	ndpLargest       = 1280 // every link carries that (RFC 8200, 5), and no advertisement is near it
	ndpSourceOption  = 1
	ndpTargetOption  = 2
	ndpOptionUnit    = 8 // bytes in an option's unit of length
	ndpSolicitation  = ipv6.ICMPTypeNeighborSolicitation
	ndpAdvertisement = ipv6.ICMPTypeNeighborAdvertisement
)

// openNDP asks the neighbour's solicited-node group for its address.
func (n *Host) openNDP() (*query, error) {
	raw, err := net.ListenPacket("ip6:ipv6-icmp", "::")
	if err != nil {
		return nil, err
	}
	conn := ipv6.NewPacketConn(raw)
	var filter ipv6.ICMPFilter
	filter.SetAll(true)
	filter.Accept(ndpAdvertisement)
	if err := errors.Join(
		conn.SetICMPFilter(&filter),
		conn.SetMulticastHopLimit(ndpHopLimit),
		conn.SetControlMessage(ipv6.FlagHopLimit|ipv6.FlagInterface, true),
	); err != nil {
		raw.Close()
		return nil, err
	}
	link := n.Link.Attrs()
	// ff02::1:ff00:0/104 with the last 24 bits of the address (RFC 4291, 2.7.1).
	target := n.Addr.As16()
	group := &net.IPAddr{IP: net.ParseIP("ff02::1:ff00:0"), Zone: link.Name}
	copy(group.IP[13:], target[13:])

	request := n.solicitation()
	buf := make([]byte, ndpLargest)
	return &query{
		conn: raw,
		send: func() error {
			_, err := conn.WriteTo(request, &ipv6.ControlMessage{HopLimit: ndpHopLimit, IfIndex: link.Index, Src: n.From.AsSlice()}, group)
			return err
		},
		read: func() (net.HardwareAddr, error) {
			size, control, _, err := conn.ReadFrom(buf)
			if err != nil || control == nil || control.HopLimit != ndpHopLimit || control.IfIndex != link.Index {
				return nil, err
			}
			return n.advertised(buf[:size]), nil
		},
	}, nil
}

// solicitation is a neighbour solicitation, whose checksum the kernel fills in.
func (n *Host) solicitation() []byte {
	p := make([]byte, 8, ndpHeaderLen+ndpOptionUnit)
	p[0] = byte(ndpSolicitation)
	p = append(p, n.Addr.AsSlice()...)
	p = append(p, ndpSourceOption, 1)
	return append(p, n.Link.Attrs().HardwareAddr...)
}

// advertised is the link-layer address in an advertisement of the neighbour.
func (n *Host) advertised(p []byte) net.HardwareAddr {
	if len(p) < ndpHeaderLen || p[0] != byte(ndpAdvertisement) {
		return nil
	}
	if target, _ := netip.AddrFromSlice(p[8:ndpHeaderLen]); target != n.Addr.WithZone("") {
		return nil
	}
	for options := p[ndpHeaderLen:]; len(options) >= ndpOptionUnit; {
		size := int(options[1]) * ndpOptionUnit
		if size == 0 || size > len(options) {
			return nil
		}
		if options[0] == ndpTargetOption {
			return bytes.Clone(options[2 : 2+ethernetAddr])
		}
		options = options[size:]
	}
	return nil
}
