//go:build linux

package lab

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// maxTunnelled is room for the largest IP packet, in bytes.
const maxTunnelled = 1 << 16

// Tunnel lays a tunnel of that name between two computers: a point-to-point
// adapter on each, up and without addresses or routes, and what carries
// packets from one to the other. A tunnel that is silent has both ends and
// carries nothing.
func (n *Network) Tunnel(name string, a, b *Host, silent bool) {
	n.t.Helper()
	ends := [2]*os.File{a.tun(name), b.tun(name)}
	for i, from := range ends {
		to := ends[1-i]
		if silent {
			to = nil
		}
		go carry(from, to)
	}
	a.run("tunnel "+name, func() { ends[0].Close() })
	b.run("tunnel "+name, func() { ends[1].Close() })
}

// carry hands on packets until an end is closed.
func carry(from, to *os.File) {
	packet := make([]byte, maxTunnelled)
	for {
		size, err := from.Read(packet)
		if err != nil {
			return
		}
		if to != nil {
			// One that the other end does not take is lost.
			_, _ = to.Write(packet[:size])
		}
	}
}

// tun makes the host's end (Documentation/networking/tuntap.rst).
func (h *Host) tun(name string) *os.File {
	h.net.t.Helper()
	var file *os.File
	err := h.inside(func() error {
		fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
		if err != nil {
			return err
		}
		request, err := unix.NewIfreq(name)
		if err != nil {
			return err
		}
		request.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, request); err != nil {
			unix.Close(fd)
			return fmt.Errorf("TUNSETIFF: %w", err)
		}
		file = os.NewFile(uintptr(fd), name)
		return nil
	})
	if err != nil {
		h.net.t.Fatalf("lab: tunnel %s on %s: %v", name, h.Name, err)
	}
	h.Sh("ip link set " + name + " up")
	return file
}
