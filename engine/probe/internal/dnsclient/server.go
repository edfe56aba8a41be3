package dnsclient

import (
	"fmt"
	"net/netip"
)

// Port is the port of DNS over UDP and TCP (RFC 1035, 4.2).
const Port = 53

// ParseServer reads an address with or without a port.
func ParseServer(s string) (netip.AddrPort, error) {
	if addr, err := netip.ParseAddr(s); err == nil {
		return netip.AddrPortFrom(addr.Unmap(), Port), nil
	}
	server, err := netip.ParseAddrPort(s)
	if err != nil || server.Port() == 0 {
		return netip.AddrPort{}, fmt.Errorf("%q is not an IP address, with or without a port", s)
	}
	return netip.AddrPortFrom(server.Addr().Unmap(), server.Port()), nil
}

// ServerName is a server as ParseServer reads it, without the usual port.
func ServerName(server netip.AddrPort) string {
	if server.Port() == Port {
		return server.Addr().String()
	}
	return server.String()
}
