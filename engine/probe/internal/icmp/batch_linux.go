package icmp

import (
	"net/netip"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Batch is room for the messages that are taken from a socket at once: up to
// BatchSize of them, by one recvmmsg(2). It does what ReadBatch of
// golang.org/x/net does, and what that can't: entries of the error queue that have
// no address (time stamps), and no garbage for each message.
type Batch struct {
	headers  [BatchSize]messageHeader
	vectors  [BatchSize]unix.Iovec
	from     [BatchSize]unix.RawSockaddrInet6 // large enough for both families
	packets  [BatchSize][]byte
	controls [BatchSize][controlBytes]byte
}

// messageHeader is struct mmsghdr.
type messageHeader struct {
	unix.Msghdr
	length uint32
}

const (
	// PacketBytes is as much of a packet as must be looked at, unless its checksum
	// is to be checked: the header of a link, the longest IPv4 header, that of ICMP
	// and the mark behind it.
	PacketBytes = 128
	// controlBytes hold the control messages of one packet: struct
	// scm_timestamping64 and an error queue entry with its sender.
	controlBytes = 192
)

// NewBatch makes room for a batch, which takes that much of each packet.
func NewBatch(size int) *Batch {
	b := new(Batch)
	room := make([]byte, BatchSize*size)
	for i := range b.headers {
		h := &b.headers[i]
		b.packets[i] = room[i*size : (i+1)*size]
		b.vectors[i].Base = &b.packets[i][0]
		b.vectors[i].SetLen(size)
		h.Iov, h.Control, h.Name = &b.vectors[i], &b.controls[i][0], (*byte)(unsafe.Pointer(&b.from[i]))
		h.SetIovlen(1)
	}
	return b
}

// Enlarged is the batch, or one that takes at least that much of each packet.
func (b *Batch) Enlarged(size int) *Batch {
	if size <= len(b.packets[0]) {
		return b
	}
	return NewBatch(size)
}

// fill takes messages in place of those before and says how many.
func (b *Batch) fill(fd, flags int) (int, error) {
	for i := range b.headers {
		h := &b.headers[i]
		h.Namelen = unix.SizeofSockaddrInet6
		h.SetControllen(controlBytes)
	}
	n, _, errno := unix.Syscall6(unix.SYS_RECVMMSG, uintptr(fd), uintptr(unsafe.Pointer(&b.headers[0])), BatchSize,
		uintptr(flags|unix.MSG_DONTWAIT), 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}

// Packet is what message i holds, as far as it was wanted.
func (b *Batch) Packet(i int) []byte {
	return b.packets[i][:min(int(b.headers[i].length), len(b.packets[i]))]
}

// Control is the control messages of message i.
func (b *Batch) Control(i int) []byte {
	return b.controls[i][:b.headers[i].Controllen]
}

// Address is where message i came from or, in the error queue, was sent to;
// zero for none.
func (b *Batch) Address(i int) netip.Addr {
	if b.headers[i].Namelen == 0 {
		return netip.Addr{}
	}
	return parseSockaddr((*[unix.SizeofSockaddrInet6]byte)(unsafe.Pointer(&b.from[i]))[:b.headers[i].Namelen])
}
