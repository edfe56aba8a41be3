package rtnetlink

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// rtaNHID is RTA_NH_ID (linux/rtnetlink.h), which package unix lacks.
const rtaNHID = 30

// hiddenHops are the next hops of target's entry where that names no more than a
// nexthop object (RTA_NH_ID): with net.ipv4.nexthop_compat_mode off, the kernel
// leaves them out of the entry (ip-nexthop(8), Linux 5.3). Empty where it names
// none.
func hiddenHops(target, source netip.Addr, link int) ([]NextHop, error) {
	message := &nl.RtMsg{RtMsg: unix.RtMsg{Family: unix.AF_INET6, Dst_len: 128, Flags: unix.RTM_F_FIB_MATCH}}
	if target.Is4() {
		message.Family, message.Dst_len = unix.AF_INET, 32
	}
	request := nl.NewNetlinkRequest(unix.RTM_GETROUTE, unix.NLM_F_REQUEST)
	request.AddData(message)
	request.AddData(nl.NewRtAttr(unix.RTA_DST, target.AsSlice()))
	if source.IsValid() {
		request.AddData(nl.NewRtAttr(unix.RTA_SRC, source.AsSlice()))
	}
	if link != 0 {
		request.AddData(nl.NewRtAttr(unix.RTA_OIF, binary.NativeEndian.AppendUint32(nil, uint32(link))))
	}
	attributes, err := askOnce(request, unix.RTM_NEWROUTE, message.Len())
	if err != nil {
		return nil, fmt.Errorf("ask for the entry of %s: %w", target, err)
	}
	id := attributes[rtaNHID]
	if len(id) != 4 {
		return nil, nil
	}
	return hopsOfObject(id)
}

// groupEntry is the size of a struct nexthop_grp, which begins with the
// member's number (linux/nexthop.h).
const groupEntry = 8

// hopsOfObject are the next hops of a nexthop object or group; a group holds no
// groups.
func hopsOfObject(id []byte) ([]NextHop, error) {
	object, err := nexthopObject(id)
	if err != nil {
		return nil, err
	}
	members := [][]byte{id}
	if group := object[unix.NHA_GROUP]; len(group) >= groupEntry {
		members = nil
		for entry := range slices.Chunk(group[:len(group)/groupEntry*groupEntry], groupEntry) {
			members = append(members, entry[:4])
		}
	}
	var hops []NextHop
	for _, member := range members {
		if object, err = nexthopObject(member); err != nil {
			return nil, err
		}
		if link := object[unix.NHA_OIF]; len(link) == 4 {
			hops = append(hops, hopTo(int(binary.NativeEndian.Uint32(link)), object[unix.NHA_GATEWAY], nil))
		}
	}
	return hops, nil
}

// nexthopObject are the attributes (NHA_…) of the object with a number.
func nexthopObject(id []byte) (map[uint16][]byte, error) {
	request := nl.NewNetlinkRequest(unix.RTM_GETNEXTHOP, unix.NLM_F_REQUEST)
	request.AddData(nexthopMessage{})
	request.AddData(nl.NewRtAttr(unix.NHA_ID, id))
	attributes, err := askOnce(request, unix.RTM_NEWNEXTHOP, nexthopMessage{}.Len())
	if err != nil {
		return nil, fmt.Errorf("ask for the nexthop object %d: %w", binary.NativeEndian.Uint32(id), err)
	}
	return attributes, nil
}

// A nexthopMessage is a struct nhmsg (linux/nexthop.h) that asks for any.
type nexthopMessage struct{}

func (nexthopMessage) Len() int            { return 8 }
func (m nexthopMessage) Serialize() []byte { return make([]byte, m.Len()) }

// askOnce are the attributes, by their type, of the one answer to a request of
// rtnetlink(7), which stand behind a header of that size.
func askOnce(request *nl.NetlinkRequest, answer uint16, header int) (map[uint16][]byte, error) {
	answers, err := request.Execute(unix.NETLINK_ROUTE, answer)
	if err != nil {
		return nil, err
	}
	if len(answers) != 1 || len(answers[0]) < header {
		return nil, fmt.Errorf("the kernel gives %d answers, not a whole one", len(answers))
	}
	list, err := nl.ParseRouteAttr(answers[0][header:])
	if err != nil {
		return nil, err
	}
	attributes := map[uint16][]byte{}
	for _, a := range list {
		attributes[a.Attr.Type] = a.Value
	}
	return attributes, nil
}
