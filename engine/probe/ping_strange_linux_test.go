package probe

import (
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"

	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// A responder answers echo requests in the kernel's stead, as a test has it: with
// the messages that answer makes of each.
func responder(t *testing.T, router *netnstest.Namespace, addr string, answer func(n int, reply []byte) [][]byte) {
	t.Helper()
	n := 0
	respond(t, router, addr, func(socket net.PacketConn, reply []byte, to net.Addr) {
		for _, m := range answer(n, reply) {
			socket.WriteTo(checksummed(m), to)
		}
		n++
	})
}

// checksummed is an echo reply with its checksum; that of ICMPv6 is the kernel's.
func checksummed(m []byte) []byte {
	if m[0] != byte(ipv4.ICMPTypeEchoReply) {
		return m
	}
	message, err := icmp.ParseMessage(1, m)
	if err != nil {
		panic(err)
	}
	whole, err := message.Marshal(nil)
	if err != nil {
		panic(err)
	}
	copy(m, whole)
	return m
}

// respond has echo requests to addr answered by a func, which gets the reply
// without its checksum.
func respond(t *testing.T, router *netnstest.Namespace, addr string, answer func(socket net.PacketConn, reply []byte, to net.Addr)) {
	t.Helper()
	request, reply := byte(ipv4.ICMPTypeEcho), byte(ipv4.ICMPTypeEchoReply)
	router.Sysctl("net.ipv4.icmp_echo_ignore_all", "1")
	if netip.MustParseAddr(addr).Is6() {
		request, reply = byte(ipv6.ICMPTypeEchoRequest), byte(ipv6.ICMPTypeEchoReply)
		router.Sysctl("net.ipv6.icmp.echo_ignore_all", "1")
	}
	socket := icmpSocket(t, router, addr)
	var answering sync.WaitGroup
	t.Cleanup(func() {
		socket.Close()
		answering.Wait()
	})
	answering.Go(func() {
		packet := make([]byte, 2000)
		for {
			length, from, err := socket.ReadFrom(packet)
			if err != nil {
				return
			}
			if packet[0] == request {
				m := slices.Clone(packet[:length])
				m[0], m[2], m[3] = reply, 0, 0
				answer(socket, m, from)
			}
		}
	})
}

// icmpSocket is a raw socket with an own address of a computer.
func icmpSocket(t *testing.T, n *netnstest.Namespace, addr string) net.PacketConn {
	t.Helper()
	network := "ip4:icmp"
	if netip.MustParseAddr(addr).Is6() {
		network = "ip6:ipv6-icmp"
	}
	var socket net.PacketConn
	var err error
	n.Do(func() { socket, err = net.ListenPacket(network, addr) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	return socket
}

// Only the target's own, sound replies count, whatever the socket.
func TestPingRepliesOfStrangers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		// answer gets the target's socket and that of a second address.
		answer func(socket, other net.PacketConn, reply []byte, to net.Addr)
		args   map[string]string
		want   func(other string) want
		only4  bool
	}{
		{
			name:   "another address",
			answer: func(_, other net.PacketConn, m []byte, to net.Addr) { other.WriteTo(checksummed(m), to) },
			want: func(other string) want {
				return want{"received": 0.0, "loss_pct": 100.0, "duplicates": 0.0, "strangers": 3.0, "answered_by": other}
			},
		},
		{
			name: "another address first, and then the target",
			answer: func(socket, other net.PacketConn, m []byte, to net.Addr) {
				other.WriteTo(checksummed(m), to)
				socket.WriteTo(m, to)
			},
			want: func(other string) want {
				return want{"received": 3.0, "duplicates": 0.0, "strangers": 3.0, "answered_by": other}
			},
		},
		{
			name:   "the target",
			answer: func(socket, _ net.PacketConn, m []byte, to net.Addr) { socket.WriteTo(checksummed(m), to) },
			want:   func(string) want { return want{"received": 3.0, "strangers": 0.0, "answered_by": nil} },
		},
		{
			name:   "large packets",
			answer: func(socket, _ net.PacketConn, m []byte, to net.Addr) { socket.WriteTo(checksummed(m), to) },
			args:   map[string]string{"size": "1400"},
			want:   func(string) want { return want{"received": 3.0} },
		},
		{
			name: "a wrong checksum",
			answer: func(socket, _ net.PacketConn, m []byte, to net.Addr) {
				checksummed(m)[2] ^= 0x10
				socket.WriteTo(m, to)
			},
			want:  func(string) want { return want{"received": 0.0, "strangers": 0.0} },
			only4: true, // the kernel of the sender makes that of ICMPv6
		},
		{
			name: "one bit far behind our mark is another, in a large packet",
			answer: func(socket, _ net.PacketConn, m []byte, to net.Addr) {
				checksummed(m)[len(m)-1] ^= 1
				socket.WriteTo(m, to)
			},
			args:  map[string]string{"size": "1400"},
			want:  func(string) want { return want{"received": 0.0} },
			only4: true,
		},
	} {
		for _, way := range pingWays {
			for target, second := range map[string]string{"10.1.0.1": "10.1.0.9", "fd00:1::1": "fd00:1::9"} {
				if test.only4 && netip.MustParseAddr(target).Is6() {
					continue
				}
				t.Run(test.name+"/"+way.name+"/"+target, func(t *testing.T) {
					t.Parallel()
					here, other := strangerPath(t, second)
					respond(t, other.router, target, func(socket net.PacketConn, m []byte, to net.Addr) { test.answer(socket, other.socket, m, to) })
					q := question{Kind: "ping", Target: target, in: here, Args: map[string]string{"interval": "20ms", "packet_timeout": "300ms"}}
					for name, value := range test.args {
						q.Args[name] = value
					}
					way.prepare(&netnstest.Path{Here: here})
					way.ask(&q)
					o := askProcess(t, q)
					for name, value := range test.want(second) {
						if o.Err != "" || o.Result[name] != value {
							t.Errorf("%s is %v, want %v (%s)", name, o.Result[name], value, o.Err)
						}
					}
				})
			}
		}
	}
}

// A stranger is the router with a socket at its second address.
type stranger struct {
	router *netnstest.Namespace
	socket net.PacketConn
}

func strangerPath(t *testing.T, second string) (*netnstest.Namespace, stranger) {
	t.Helper()
	here, router := netnstest.NewHosts(t)
	bits := "/24"
	if netip.MustParseAddr(second).Is6() {
		bits = "/64"
	}
	router.IP("addr add " + second + bits + " dev eth0")
	return here, stranger{router, icmpSocket(t, router, second)}
}

// What traces and measures the path believes no other replies than a ping does.
func TestTraceOfAStrangersReply(t *testing.T) {
	t.Parallel()
	for _, way := range pingers {
		for target, second := range map[string]string{"10.1.0.1": "10.1.0.9", "fd00:1::1": "fd00:1::9"} {
			for kind, args := range map[string]map[string]string{"trace": {"max_hops": "2", "per_hop_timeout": "300ms"}, "mtu": {}} {
				t.Run(kind+"/"+way.name+"/"+target, func(t *testing.T) {
					t.Parallel()
					here, other := strangerPath(t, second)
					respond(t, other.router, target, func(_ net.PacketConn, m []byte, to net.Addr) { other.socket.WriteTo(checksummed(m), to) })
					q := question{Kind: kind, Target: target, in: here, Args: args}
					way.prepare(&netnstest.Path{Here: here})
					way.ask(&q)
					o := askProcess(t, q)
					if o.Err != "" || kind == "trace" && o.Result["reached"] != false || kind == "mtu" && o.Result["mtu"] != unknown {
						t.Errorf("%v %s", o.Result, o.Err)
					}
				})
			}
		}
	}
}
