package probe

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// Sizes and places in struct inet_diag_req_v2 and struct inet_diag_msg of the
// kernel's linux/inet_diag.h.
const (
	diagRequestSize = 56
	diagMessageSize = 72
	diagPort        = 4 // big-endian, as on the wire
	diagAddress     = 8
	// diagV6Only is the attribute INET_DIAG_SKV6ONLY: one byte.
	diagV6Only = 11
	// listening is a set of TCP states with TCP_LISTEN in it alone.
	listening = 1 << 10
)

// A diagRequest is a struct inet_diag_req_v2 for the listening sockets of a
// family.
type diagRequest struct{ family byte }

func (diagRequest) Len() int { return diagRequestSize }

func (d diagRequest) Serialize() []byte {
	b := make([]byte, diagRequestSize)
	b[0], b[1] = d.family, unix.IPPROTO_TCP
	binary.NativeEndian.PutUint32(b[4:], listening)
	return b
}

// listeningSockets lists what takes TCP connections in this network namespace.
// Any user may ask. Some kernels that stand in for Linux's do not answer.
func listeningSockets() (sockets []netip.AddrPort, err error) {
	for _, family := range []byte{unix.AF_INET, unix.AF_INET6} {
		request := nl.NewNetlinkRequest(nl.SOCK_DIAG_BY_FAMILY, unix.NLM_F_DUMP)
		request.AddData(diagRequest{family})
		messages, err := request.Execute(unix.NETLINK_INET_DIAG, 0)
		if err != nil {
			return nil, fmt.Errorf("sock_diag(7): %w", err)
		}
		for _, m := range messages {
			sockets = append(sockets, diagSockets(m)...)
		}
	}
	return sockets, nil
}

// diagSockets is where the socket of a struct inet_diag_msg listens: one
// address, or the wildcards of both families.
func diagSockets(m []byte) []netip.AddrPort {
	if len(m) < diagMessageSize {
		return nil
	}
	port := binary.BigEndian.Uint16(m[diagPort:])
	raw := m[diagAddress : diagAddress+16]
	if m[0] == unix.AF_INET {
		return []netip.AddrPort{netip.AddrPortFrom(netip.AddrFrom4([4]byte(raw[:4])), port)}
	}
	address := netip.AddrFrom16([16]byte(raw)).Unmap()
	sockets := []netip.AddrPort{netip.AddrPortFrom(address, port)}
	if address == netip.IPv6Unspecified() && !v6Only(m[diagMessageSize:]) {
		sockets = append(sockets, netip.AddrPortFrom(netip.IPv4Unspecified(), port))
	}
	return sockets
}

// v6Only reports whether a socket's attributes say that it takes no IPv4.
func v6Only(attributes []byte) bool {
	parsed, err := nl.ParseRouteAttr(attributes)
	if err != nil {
		return false
	}
	for _, a := range parsed {
		if a.Attr.Type == diagV6Only && len(a.Value) > 0 {
			return a.Value[0] != 0
		}
	}
	return false
}
