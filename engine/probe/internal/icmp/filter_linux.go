package icmp

import (
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// passReplies lets only echo replies with an identifier through to a raw socket,
// which otherwise is handed every ICMP message that this computer gets.
func passReplies(fd int, v6 bool, id uint16) error {
	if err := passOnly(fd, v6, id); err != nil {
		return err
	}
	// These set a bit for every type to block (icmp(7), ICMP_FILTER; RFC 3542,
	// 3.2, for ICMPv6).
	if !v6 {
		const block = ^int32(1 << icmp4EchoReply)
		return unix.SetsockoptInt(fd, unix.SOL_RAW, unix.ICMP_FILTER, int(block))
	}
	var filter unix.ICMPv6Filter
	for i := range filter.Data {
		filter.Data[i] = ^uint32(0)
	}
	filter.Data[icmp6EchoReply/32] &^= 1 << (icmp6EchoReply % 32)
	return unix.SetsockoptICMPv6Filter(fd, unix.IPPROTO_ICMPV6, unix.ICMPV6_FILTER, &filter)
}

// passOnly lets only messages with an identifier through, so that others' many
// replies take no room. What a raw IPv4 socket gets begins with the IP header,
// whose length X is.
func passOnly(fd int, v6 bool, id uint16) error {
	const idOffset, everything = 4, 1 << 16
	program := []bpf.Instruction{bpf.LoadMemShift{Off: 0}, bpf.LoadIndirect{Off: idOffset, Size: 2}}
	if v6 {
		program = []bpf.Instruction{bpf.LoadAbsolute{Off: idOffset, Size: 2}}
	}
	raw, err := bpf.Assemble(append(program,
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(id), SkipFalse: 1},
		bpf.RetConstant{Val: everything},
		bpf.RetConstant{Val: 0}))
	if err != nil {
		return err
	}
	filter := make([]unix.SockFilter, len(raw))
	for i, in := range raw {
		filter[i] = unix.SockFilter{Code: in.Op, Jt: in.Jt, Jf: in.Jf, K: in.K}
	}
	return unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
		&unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]})
}
