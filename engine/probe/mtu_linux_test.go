package probe

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
)

// mtuSummary is what a search for the path MTU says, on one line.
func mtuSummary(o observation) string {
	if o.Err != "" {
		return "error: " + o.Err
	}
	return fmt.Sprintf("mtu %v, black hole %v, limited by %v", o.Result["mtu"], o.Result["black_hole"], o.Result["limited_by"])
}

func TestMTU(t *testing.T) {
	t.Parallel()
	narrow := func(p *netnstest.Path, mtu string) {
		p.First.IP("link set wan mtu " + mtu)
		p.Second.IP("link set lan mtu " + mtu)
	}
	for _, test := range []struct {
		name    string
		prepare func(t *testing.T, p *netnstest.Path, f netnstest.Family)
		target  func(f netnstest.Family) string
		args    map[string]string
		want    string // FIRST is a router's address
	}{
		{
			name: "nothing is in the way",
			want: "mtu 1500, black hole false, limited by <nil>",
		},
		{
			name: "nothing is in the way of less",
			args: map[string]string{"largest": "1400"},
			want: "mtu 1400, black hole false, limited by <nil>",
		},
		{
			name: "the adapter takes less",
			args: map[string]string{"largest": "9000"},
			want: "mtu 1500, black hole false, limited by <nil>",
		},
		{
			name:    "a narrow link whose router says so",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) { narrow(p, "1400") },
			want:    "mtu 1400, black hole false, limited by FIRST",
		},
		{
			name: "the kernel already knows",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				p.Here.IP("route add " + f.There.String() + " via " + f.First.String() + " mtu 1300")
			},
			want: "mtu 1500, black hole false, limited by <nil>",
		},
		{
			name: "a narrow link whose router says nothing",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				narrow(p, "1400")
				netnstest.NFT(t, p.First, "output", matchTooBig(f)+"drop")
			},
			want: "mtu 1400, black hole true, limited by <nil>",
		},
		{
			name: "a narrow link of an odd size whose router says nothing",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				narrow(p, "1437")
				netnstest.NFT(t, p.First, "output", matchTooBig(f)+"drop")
			},
			want: "mtu 1437, black hole true, limited by <nil>",
		},
		{
			name: "a router says so, and behind it large packets vanish",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				narrow(p, "1400")
				netnstest.NFT(t, p.Second, "forward", "meta length > 1350 drop")
			},
			want: "mtu 1350, black hole true, limited by FIRST",
		},
		{
			name: "the first large one is lost by chance",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.Second, "forward", f.EchoRequest()+"numgen inc mod 3 == 1 drop")
			},
			want: "mtu 1500, black hole false, limited by <nil>",
		},
		{
			name: "the host answers no ping",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.There, "input", f.EchoRequest()+"drop")
			},
			want: "mtu (unknown), black hole (unknown), limited by (unknown)",
		},
		{
			name: "the host answers no ping, a router says what it takes",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				narrow(p, "1400")
				netnstest.NFT(t, p.There, "input", f.EchoRequest()+"drop")
			},
			want: "mtu (unknown), black hole (unknown), limited by FIRST",
		},
		{
			name:   "no route on the way",
			target: func(f netnstest.Family) string { return f.Nowhere.String() },
			want:   "mtu (unknown), black hole (unknown), limited by (unknown)",
		},
		{
			name: "no route here",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				p.Here.IP(f.IPFlag() + " route del default")
			},
			want: "error: path MTU to THERE: this computer does not send to it (no_route)",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, pinger := range pingers {
				t.Run(pinger.name, func(t *testing.T) {
					netnstest.BothFamilies(t, func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
						q := question{Kind: "mtu", Target: f.There.String(), in: p.Here, Args: test.args}
						if test.target != nil {
							q.Target = test.target(f)
						}
						if test.prepare != nil {
							test.prepare(t, p, f)
						}
						pinger.prepare(p)
						pinger.ask(&q)
						o := askProcess(t, q)
						want := strings.NewReplacer("FIRST", f.First.String(), "THERE", f.There.String()).Replace(test.want)
						if got := mtuSummary(o); got != want {
							t.Errorf("got  %s\nwant %s", got, want)
						}
						if o.Elapsed > hung {
							t.Errorf("took %v", o.Elapsed)
						}
					})
				})
			}
		})
	}
}

func TestMTUCutOff(t *testing.T) {
	p := netnstest.NewPath(t)
	netnstest.NFT(t, p.There, "input", "icmp type echo-request drop")
	o := askProcess(t, question{Kind: "mtu", Target: "10.2.0.25", in: p.Here, CancelAfter: time.Second})
	if got, want := mtuSummary(o), "mtu (unknown), black hole (unknown), limited by (unknown)"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
