package probe

import "github.com/linecheck/linecheck/engine/probe/internal/netnstest"

// A privilege is how a process may ping.
type privilege struct {
	name    string
	prepare func(p *netnstest.Path)
	ask     func(q *question)
}

// Ordinary users ping by ping sockets, where the group range lets them, and root
// by raw ones where it does not.
var pingers = []privilege{
	{"ping socket", allowPingSockets, func(q *question) { q.as = nobody }},
	{"raw socket", denyPingSockets, func(q *question) {}},
}

// Either may be a socket of their own or one that pings share.
var pingWays = append(pingers[:2:2],
	privilege{"shared ping socket", allowPingSockets, func(q *question) { q.as, q.Shared = nobody, true }},
	privilege{"shared raw socket", denyPingSockets, func(q *question) { q.Shared = true }})

func allowPingSockets(p *netnstest.Path) { p.Here.Sysctl("net.ipv4.ping_group_range", "0 65534") }
func denyPingSockets(p *netnstest.Path)  { p.Here.Sysctl("net.ipv4.ping_group_range", "1 0") }

// socketWord is what a ping says of its socket.
func socketWord(shared bool) string {
	if shared {
		return "shared"
	}
	return "own"
}
