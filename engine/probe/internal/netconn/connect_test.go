package netconn

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"testing"

	"github.com/linecheck/linecheck/engine"
	"go.uber.org/goleak"
)

func TestConnectTCPThroughTheWorld(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	defer theirs.Close()
	for _, test := range []struct {
		name    string
		err     error
		outcome Connection
	}{
		{"connected", nil, Connection{Conn: ours}},
		{"refused", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, Connection{Refused: true}},
		{"timed out", &net.OpError{Op: "dial", Err: context.DeadlineExceeded}, Connection{TimedOut: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := &engine.World{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
				if network != "tcp" || address != "192.0.2.1:25" {
					t.Errorf("dialled %s %s", network, address)
				}
				if test.err != nil {
					return nil, test.err
				}
				return ours, nil
			}}
			got, err := Connect(t.Context(), w, Options{Address: netip.MustParseAddrPort("192.0.2.1:25")})
			if err != nil {
				t.Fatal(err)
			}
			got.Elapsed = 0
			if *got != test.outcome {
				t.Errorf("got %+v, want %+v", *got, test.outcome)
			}
		})
	}
}

func TestConnectTCPFailsWhereNothingCanBeTold(t *testing.T) {
	w := &engine.World{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		return nil, errors.New("out of order")
	}}
	if c, err := Connect(t.Context(), w, Options{Address: netip.MustParseAddrPort("192.0.2.1:25")}); err == nil {
		t.Errorf("got %+v, want an error", *c)
	}
}

func TestConnectTCPInterrupted(t *testing.T) {
	defer goleak.VerifyNone(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	w := &engine.World{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		cancel()
		return nil, &net.OpError{Op: "dial", Err: ctx.Err()}
	}}
	o := Options{Address: netip.MustParseAddrPort("192.0.2.1:25")}
	for range 2 { // in the middle, and before it begins
		if c, err := Connect(ctx, w, o); !errors.Is(err, context.Canceled) {
			t.Errorf("got %+v, %v, want context.Canceled", c, err)
		}
	}
}
