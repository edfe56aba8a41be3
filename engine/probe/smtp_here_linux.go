package probe

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/hex"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/hostfs"
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/linecheck/linecheck/engine/probe/internal/rtnetlink"
)

// ownResetPatience is how long a reset of the own firewall may take: it comes
// before connect(2) returns.
const ownResetPatience = 200 * time.Millisecond

// refusedHere reports whether this computer's own firewall refuses connections
// to an address. The attempt goes to the loopback adapter with a time to live
// that ends there, so that nobody else can answer. Needs Linux 5.7 (before, only
// root bound a socket to an adapter) and IPv4: IPv6 has no route by loopback. A
// rule that names the adapter of the way out is not seen so.
func refusedHere(ctx context.Context, address netip.AddrPort) bool {
	ctx, cancel := context.WithTimeout(ctx, ownResetPatience)
	defer cancel()
	c, err := netconn.Connect(ctx, nil, netconn.Options{Address: address, TTL: 1, Device: "lo"})
	if err != nil {
		return false
	}
	if c.Conn != nil {
		c.Conn.Close()
	}
	return c.Refused
}

// socketTables list the TCP sockets of this computer for everybody (proc(5)).
var socketTables = []string{"tcp", "tcp6"}

// timeWait is the state in the tables of a socket that is over.
const timeWait = "06"

// otherEndIsHere reports whether the other end of a connection is a socket of
// this computer: the answer of a redirect in the own firewall, whose connection
// says nothing of it.
func otherEndIsHere(conn net.Conn) bool {
	local, ok := conn.LocalAddr().(*net.TCPAddr)
	if !ok {
		return false
	}
	own := local.AddrPort()
	wanted := map[string]bool{tableEndpoint(own.Addr().Unmap(), own.Port()): true}
	if own.Addr().Unmap().Is4() {
		wanted[tableEndpoint(netip.AddrFrom16(own.Addr().As16()), own.Port())] = true
	}
	for _, table := range socketTables {
		if tableHasPeer(table, wanted) {
			return true
		}
	}
	return false
}

// tableHasPeer reports whether a socket of the table is connected to one of the
// endpoints.
func tableHasPeer(table string, wanted map[string]bool) bool {
	file, err := hostfs.OpenNetTable(table)
	if err != nil {
		return false // of IPv6, where that is switched off
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if f := strings.Fields(lines.Text()); len(f) > 3 && wanted[f[2]] && f[3] != timeWait {
			return true
		}
	}
	return false
}

// tableEndpoint is an address and port as the tables spell them: words of 32
// bits in the order of the processor, and the port.
func tableEndpoint(address netip.Addr, port uint16) string {
	raw := address.AsSlice()
	var words []byte
	for ; len(raw) >= 4; raw = raw[4:] {
		words = binary.BigEndian.AppendUint32(words, binary.NativeEndian.Uint32(raw))
	}
	return strings.ToUpper(hex.EncodeToString(words) + ":" + hex.EncodeToString(binary.BigEndian.AppendUint16(nil, port)))
}

// routedAlike reports whether connections to a port leave this computer the way
// that pings do, as far as its routing tables tell.
func routedAlike(connected netip.AddrPort) bool {
	pings, err := rtnetlink.LookupRoute(connected.Addr(), netip.Addr{})
	if err != nil {
		return true
	}
	connections, err := rtnetlink.LookupPortRoute(connected.Addr(), connected.Port())
	return err != nil || pings.RedirectedTo.IsValid() || connections.Via == pings.Via
}
