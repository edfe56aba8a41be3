package neighbour

import (
	"bytes"
	"net"
	"net/netip"
	"testing"

	"github.com/vishvananda/netlink"
)

func neighbourAt(addr string) *Host {
	return &Host{
		Addr:   netip.MustParseAddr(addr),
		Source: netip.MustParseAddr("10.1.0.10"),
		Link:   &netlink.Device{LinkAttrs: netlink.LinkAttrs{Index: 2, HardwareAddr: net.HardwareAddr{2, 0, 0, 0, 0, 0x10}}},
	}
}

// arpPacket is a packet of operation from 10.1.0.77, which has macOf77.
func arpPacket(operation byte) []byte {
	return bytes.Join([][]byte{
		{0, 1, 8, 0, 6, 4, 0, operation},
		{2, 0, 0, 0, 0, 0x77}, {10, 1, 0, 77},
		{2, 0, 0, 0, 0, 0x10}, {10, 1, 0, 10},
	}, nil)
}

// advertisement is one of 2001:db8:1::77, with options.
func advertisement(options ...byte) []byte {
	return bytes.Join([][]byte{
		{136, 0, 0, 0, 0x60, 0, 0, 0},
		net.ParseIP("2001:db8:1::77"), options,
	}, nil)
}

func TestARPAnswer(t *testing.T) {
	for _, test := range []struct {
		name, of string
		packet   []byte
		want     string
	}{
		{"answer", "10.1.0.77", arpPacket(2), macOf77},
		{"padded to the least frame", "10.1.0.77", append(arpPacket(2), make([]byte, 18)...), macOf77},
		{"a request", "10.1.0.77", arpPacket(1), ""},
		{"of another", "10.1.0.78", arpPacket(2), ""},
		{"cut short", "10.1.0.77", arpPacket(2)[:27], ""},
		{"empty", "10.1.0.77", nil, ""},
	} {
		if got := neighbourAt(test.of).arpAnswer(test.packet).String(); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	if own := neighbourAt("10.1.0.77").arpRequest(); len(own) != arpLen {
		t.Errorf("the request has %d bytes, want %d", len(own), arpLen)
	}
}

func TestAdvertised(t *testing.T) {
	mac := []byte{2, 1, 2, 0, 0, 0, 0, 0x77} // type, length, address
	nonce := []byte{14, 1, 1, 2, 3, 4, 5, 6}
	for _, test := range []struct {
		name, of string
		packet   []byte
		want     string
	}{
		{"answer", "2001:db8:1::77", advertisement(mac...), macOf77},
		{"after another option", "2001:db8:1::77", advertisement(append(nonce, mac...)...), macOf77},
		{"of another", "2001:db8:1::78", advertisement(mac...), ""},
		{"without an option", "2001:db8:1::77", advertisement(), ""},
		{"option of no length", "2001:db8:1::77", advertisement(2, 0, 2, 0, 0, 0, 0, 0x77), ""},
		{"option beyond the end", "2001:db8:1::77", advertisement(2, 2, 2, 0, 0, 0, 0, 0x77), ""},
		{"a solicitation", "2001:db8:1::77", neighbourAt("2001:db8:1::77").solicitation(), ""},
		{"empty", "2001:db8:1::77", nil, ""},
	} {
		if got := neighbourAt(test.of).advertised(test.packet).String(); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// Whatever comes off the wire, it is an address of the right length or none.
func FuzzNeighbourAnswers(f *testing.F) {
	f.Add(arpPacket(2))
	f.Add(advertisement(2, 1, 2, 0, 0, 0, 0, 0x77))
	f.Add(advertisement(2, 0))
	v4, v6 := neighbourAt("10.1.0.77"), neighbourAt("2001:db8:1::77")
	f.Fuzz(func(t *testing.T, packet []byte) {
		for _, mac := range []net.HardwareAddr{v4.arpAnswer(packet), v6.advertised(packet)} {
			if mac != nil && len(mac) != ethernetAddr {
				t.Errorf("%x gave the address %v", packet, mac)
			}
		}
	})
}

const macOf77 = "02:00:00:00:00:77"
