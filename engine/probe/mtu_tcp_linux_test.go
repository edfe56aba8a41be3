package probe

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
	"github.com/zclconf/go-cty/cty"
)

// serveMail is a mail server on every address of a computer that answers what
// has come in with one write, as most do. It returns its port.
func serveMail(t testing.TB, p *netnstest.Path, f netnstest.Family, greeting string) string {
	t.Helper()
	var listener net.Listener
	p.There.Do(func() {
		var err error
		if listener, err = net.Listen("tcp", netip.AddrPortFrom(f.AnyAddr(), 0).String()); err != nil {
			t.Fatal(err)
		}
	})
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { conn.Close() })
			go mailDialogue(conn, greeting)
		}
	}()
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}

func mailDialogue(conn net.Conn, greeting string) {
	defer conn.Close()
	in, out := bufio.NewReader(conn), bufio.NewWriter(conn)
	out.WriteString(greeting + "\r\n")
	for {
		if in.Buffered() == 0 {
			out.Flush()
		}
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch {
		case strings.HasPrefix(line, "EHLO"):
			for _, keyword := range []string{"there.example", "PIPELINING", "SIZE 10240000", "ENHANCEDSTATUSCODES", "8BITMIME", "DSN", "SMTPUTF8"} {
				out.WriteString("250-" + keyword + "\r\n")
			}
			out.WriteString("250 CHUNKING\r\n")
		case strings.HasPrefix(line, "QUIT"):
			out.WriteString("221 2.0.0 Bye\r\n")
			out.Flush()
			return
		default:
			out.WriteString("250 2.0.0 Ok\r\n")
		}
	}
}

func matchIP(f netnstest.Family) string {
	if f.There.Is4() {
		return "ip "
	}
	return "ip6 "
}

func matchTooBig(f netnstest.Family) string {
	if f.There.Is4() {
		return "icmp type destination-unreachable icmp code frag-needed "
	}
	return "icmpv6 type packet-too-big "
}

func TestMTUByTCP(t *testing.T) {
	t.Parallel()
	const ready = "220 there.example ESMTP"
	narrow := func(p *netnstest.Path, mtu string) {
		p.First.IP("link set wan mtu " + mtu)
		p.Second.IP("link set lan mtu " + mtu)
	}
	noPings := func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
		netnstest.NFT(t, p.There, "input", f.EchoRequest()+"drop")
	}
	hole := func(t *testing.T, p *netnstest.Path, f netnstest.Family, mtu string) {
		narrow(p, mtu)
		netnstest.NFT(t, p.First, "output", matchTooBig(f)+"drop")
		netnstest.NFT(t, p.Second, "output", matchTooBig(f)+"drop")
	}
	for _, test := range []struct {
		name, greeting string
		method         string // "" is tcp
		prepare        func(t *testing.T, p *netnstest.Path, f netnstest.Family)
		want           string
	}{
		{name: "nothing is in the way", want: "mtu 1500, black hole false, by tcp, direction <nil>, recovers false"},
		{name: "a narrow link whose router says so", want: "mtu 1400, black hole false, by tcp, direction <nil>, recovers false",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) { narrow(p, "1400") }},
		{name: "a narrow link whose router says nothing", want: "mtu 1400, black hole true, by tcp, direction out, recovers false",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) { hole(t, p, f, "1400") }},
		{name: "the same with pings filtered, asked for by any means", method: "auto",
			want:    "mtu 1400, black hole true, by tcp, direction out, recovers false",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) { hole(t, p, f, "1400"); noPings(t, p, f) }},
		{name: "the same with pings", method: "auto", want: "mtu 1437, black hole true, by tcp, direction out, recovers false",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) { hole(t, p, f, "1437") }},
		{name: "an agreed segment size below the hole", method: "auto", want: "mtu 1340, black hole false, by tcp, direction <nil>, recovers false",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				hole(t, p, f, "1400")
				mss := 1340 - tcpHeaderLen - icmp.IPv4HeaderLen
				if f.There.Is6() {
					mss -= icmp.IPv6HeaderLen - icmp.IPv4HeaderLen
				}
				netnstest.NFT(t, p.Second, "forward", fmt.Sprintf("tcp flags syn tcp option maxseg size set %d", mss))
			}},
		{name: "only large pings are dropped", method: "auto", want: "mtu 1500, black hole false, by tcp, direction <nil>, recovers false",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.There, "input", f.EchoRequest()+"meta length > 1000 drop")
			}},
		{name: "large ones vanish on the way back", want: "mtu <nil>, black hole true, by tcp, direction back, recovers false",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.Second, "forward", matchIP(f)+"saddr "+f.There.String()+" meta length > 1400 drop")
			}},
		{name: "this computer finds a smaller size by itself", want: "mtu 1076, black hole true, by tcp, direction out, recovers true",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				hole(t, p, f, "1400")
				p.Here.Sysctl("net.ipv4.tcp_mtu_probing", "1")
			}},
		{name: "a mail server that serves nobody", greeting: "554 No", want: "mtu <nil>, black hole <nil>, by <nil>, direction <nil>, recovers false"},
		{name: "pings only", method: "icmp", want: "mtu 1500, black hole false, by icmp, direction <nil>, recovers false"},
		{name: "pings suffice", method: "auto", greeting: "554 No", want: "mtu 1500, black hole false, by icmp, direction <nil>, recovers false"},
		{name: "no server decides about pings", method: "auto", greeting: "554 No", want: "mtu 1400, black hole true, by icmp, direction <nil>, recovers false",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) { hole(t, p, f, "1400") }},
		{name: "a fifth of all is lost", want: "black hole false",
			prepare: func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				netnstest.NFT(t, p.Second, "forward", "meta l4proto tcp numgen inc mod 5 == 3 drop")
			}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			netnstest.BothFamilies(t, func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
				greeting, method := test.greeting, test.method
				if greeting == "" {
					greeting = ready
				}
				if method == "" {
					method = "tcp"
				}
				port := serveMail(t, p, f, greeting)
				if test.prepare != nil {
					test.prepare(t, p, f)
				}
				q := question{Kind: "mtu", Target: f.There.String(), in: p.Here, Args: map[string]string{"method": method, "port": port, "largest": "9216"}}
				o := askProcess(t, q)
				got := "error: " + o.Err
				if o.Err == "" {
					got = fmt.Sprintf("mtu %v, black hole %v, by %v, direction %v, recovers %v",
						o.Result["mtu"], o.Result["black_hole"], o.Result["measured_by"], o.Result["direction"], o.Result["recovers"])
				}
				want := test.want
				if f.There.Is6() { // the search begins with 1024 bytes of data and options in either family
					want = strings.Replace(want, "mtu 1076", "mtu 1096", 1)
				}
				if !strings.Contains(got, want) {
					t.Errorf("got  %s\nwant %s", got, want)
				}
				t.Logf("%v: %s", o.Elapsed.Round(time.Millisecond), got)
				if o.Elapsed > hung {
					t.Errorf("took %v", o.Elapsed)
				}
			})
		})
	}
}

func TestNoops(t *testing.T) {
	for size := minNoop; size < 3*maxCommand; size++ {
		got := noops(size)
		if len(got) != size {
			t.Fatalf("%d bytes, want %d", len(got), size)
		}
		for line := range strings.SplitAfterSeq(strings.TrimSuffix(string(got), "\r\n"), "\r\n") {
			if !strings.HasPrefix(line, "NOOP") || len(strings.TrimSuffix(line, "\r\n"))+2 > maxCommand {
				t.Fatalf("%d bytes: command %q", size, line)
			}
		}
	}
}

func TestMTUByTCPGoesThroughTheWorld(t *testing.T) {
	dialled := ""
	w := &engine.World{Dial: func(_ context.Context, network, address string) (net.Conn, error) {
		dialled = network + " " + address
		return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	}}
	args := map[string]cty.Value{"method": cty.StringVal("tcp"), "port": number(25)}
	if _, err := ask(t, t.Context(), "mtu", w, "192.0.2.1", args); err != nil || dialled != "tcp 192.0.2.1:25" {
		t.Errorf("%v, dialled %q", err, dialled)
	}
}
