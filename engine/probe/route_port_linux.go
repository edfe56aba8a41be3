package probe

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// lookupPortRoute asks the kernel which way a TCP connection to a port would
// take: policy rules may depend on it (ip-rule(8), ipproto and dport; Linux
// 4.17). It does not tell the entry's prefix.
func lookupPortRoute(target netip.Addr, port uint16) (routeEntry, error) {
	message := &nl.RtMsg{RtMsg: unix.RtMsg{Family: unix.AF_INET6, Dst_len: 128, Flags: unix.RTM_F_LOOKUP_TABLE}}
	if target.Is4() {
		message.Family, message.Dst_len = unix.AF_INET, 32
	}
	request := nl.NewNetlinkRequest(unix.RTM_GETROUTE, unix.NLM_F_REQUEST)
	request.AddData(message)
	request.AddData(nl.NewRtAttr(unix.RTA_DST, target.AsSlice()))
	request.AddData(nl.NewRtAttr(unix.RTA_IP_PROTO, []byte{unix.IPPROTO_TCP}))
	request.AddData(nl.NewRtAttr(unix.RTA_DPORT, binary.BigEndian.AppendUint16(nil, port)))
	answers, err := request.Execute(unix.NETLINK_ROUTE, unix.RTM_NEWROUTE)
	if err != nil {
		return refusedPortRoute(target, err)
	}
	if len(answers) != 1 {
		return routeEntry{}, fmt.Errorf("the kernel has %d routes for %s, not one", len(answers), target)
	}
	return portRouteOf(answers[0])
}

// refusedPortRoute is what an error of RTM_GETROUTE says: see refusals.
func refusedPortRoute(target netip.Addr, refusal error) (routeEntry, error) {
	if errors.Is(refusal, unix.ENETUNREACH) {
		return routeEntry{}, nil
	}
	var errno unix.Errno
	if !errors.As(refusal, &errno) || refusals[errno] == 0 {
		return routeEntry{}, fmt.Errorf("ask for the route to %s: %w", target, refusal)
	}
	return routeEntry{kind: routeKinds[refusals[errno]], ambiguous: true}, nil
}

// portRouteOf reads an answer of the kernel (rtnetlink(7)).
func portRouteOf(answer []byte) (routeEntry, error) {
	if len(answer) < unix.SizeofRtMsg {
		return routeEntry{}, errors.New("the kernel's answer about a route is too short")
	}
	message := nl.DeserializeRtMsg(answer)
	attributes, err := nl.ParseRouteAttr(answer[message.Len():])
	if err != nil {
		return routeEntry{}, fmt.Errorf("read a route: %w", err)
	}
	e := routeEntry{kind: routeKinds[int(message.Type)], ambiguous: true}
	if e.kind == "" {
		e.kind = fmt.Sprintf("type %d", message.Type)
	}
	var gateway, source []byte
	for _, a := range attributes {
		switch a.Attr.Type {
		case unix.RTA_OIF:
			e.via.link = int(binary.NativeEndian.Uint32(a.Value))
		case unix.RTA_GATEWAY:
			gateway = a.Value
		case unix.RTA_VIA:
			gateway = a.Value[min(2, len(a.Value)):] // behind the family
		case unix.RTA_PREFSRC:
			source = a.Value
		}
	}
	e.via = hopTo(e.via.link, gateway, nil)
	e.source = withZone(addrOf(source), uint32(e.via.link))
	return e, nil
}
