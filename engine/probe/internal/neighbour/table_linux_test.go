package neighbour

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"

	"github.com/linecheck/linecheck/engine"
)

func TestDatagramGoesThroughTheWorld(t *testing.T) {
	dialled := ""
	n := Host{Addr: netip.MustParseAddr("fe80::77%eth0"), World: &engine.World{Dial: func(_ context.Context, network, address string) (net.Conn, error) {
		dialled = network + " " + address
		return nil, errors.New("nowhere")
	}}}
	if n.sendDatagram(t.Context()) || dialled != "udp [fe80::77%eth0]:9" {
		t.Errorf("sent, or dialled %q", dialled)
	}
}
