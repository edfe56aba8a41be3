package rtnetlink

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"

	"github.com/linecheck/linecheck/engine/probe/internal/ipaddr"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// LookupPortRoute asks the kernel which way a TCP connection to a port would
// take: policy rules may depend on it (ip-rule(8), ipproto and dport; Linux
// 4.17). It does not tell the entry's prefix.
func LookupPortRoute(target netip.Addr, port uint16) (Route, error) {
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
		return Route{}, fmt.Errorf("the kernel has %d routes for %s, not one", len(answers), target)
	}
	return portRouteOf(answers[0])
}

// refusedPortRoute is what an error of RTM_GETROUTE says: see refusals.
func refusedPortRoute(target netip.Addr, refusal error) (Route, error) {
	if errors.Is(refusal, unix.ENETUNREACH) {
		return Route{}, nil
	}
	var errno unix.Errno
	if !errors.As(refusal, &errno) || refusals[errno] == 0 {
		return Route{}, fmt.Errorf("ask for the route to %s: %w", target, refusal)
	}
	return Route{Kind: kindWords[refusals[errno]], Ambiguous: true}, nil
}

// portRouteOf reads an answer of the kernel (rtnetlink(7)).
func portRouteOf(answer []byte) (Route, error) {
	if len(answer) < unix.SizeofRtMsg {
		return Route{}, errors.New("the kernel's answer about a route is too short")
	}
	message := nl.DeserializeRtMsg(answer)
	attributes, err := nl.ParseRouteAttr(answer[message.Len():])
	if err != nil {
		return Route{}, fmt.Errorf("read a route: %w", err)
	}
	e := Route{Kind: kindWords[int(message.Type)], Ambiguous: true}
	if e.Kind == "" {
		e.Kind = fmt.Sprintf("type %d", message.Type)
	}
	var gateway, source []byte
	for _, a := range attributes {
		switch a.Attr.Type {
		case unix.RTA_OIF:
			e.Via.Link = int(binary.NativeEndian.Uint32(a.Value))
		case unix.RTA_GATEWAY:
			gateway = a.Value
		case unix.RTA_VIA:
			gateway = a.Value[min(2, len(a.Value)):] // behind the family
		case unix.RTA_PREFSRC:
			source = a.Value
		}
	}
	e.Via = hopTo(e.Via.Link, gateway, nil)
	e.Source = ipaddr.WithZone(AddrOf(source), uint32(e.Via.Link))
	return e, nil
}
