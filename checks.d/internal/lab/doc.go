// Package lab builds networks to hold linecheck's diagnosis against.
//
// [New] makes one: a mail gateway on its LAN, routers in a row, and a mail host
// on another LAN with a real Postfix and a real dnsmasq, each computer a network
// namespace. A test breaks something in it ([Host.Sh], [Host.Off],
// [Network.Serve] …), and [Network.Run] runs the built linecheck on one of its
// computers and returns the report. Every network has addresses and names of
// its own, so that nothing can be right by chance, and is gone when the test
// ends, whatever way it ends.
//
//	       gwlan                                            maillan
//	gw ──┐                                                          ┌── mail
//	     ├─[sw]── r1 ─────────── r2 ─────────── r3 ──[sw]──┼── dns
//	peer─┘    eth0  eth1    eth0  eth1     eth0  eth1               └── mailpeer
//
// The one namespace sw holds the bridges of both LANs; a bridge port has the
// name of the computer that is plugged into it. On a router eth0 faces the
// gateway computer and eth1 the mail host; every other computer has eth0 only.
// Ping is denied to ordinary users and the routers limit their ICMP errors, as
// a fresh Linux does.
//
// # What decides the rows that were hardest
//
// Each of them looks like another fault, or like none, until one observation is
// made. The rows stand in the tables of package checks_test.
//
//   - Packets lost by the dozen (seven_of_ten_packets_are_lost): the first three
//     pings may all be lost, or all come back. Fifty more decide, and eight
//     connections to the mail port: where those come about at once, something
//     limits pings alone; where they don't, no later step can be judged, and the
//     loss is the one root cause.
//   - All ICMP dropped before a narrow link (path_filters_ping beside a black
//     hole): a full TCP segment of NOOP commands that is never acknowledged while
//     a small one behind it is. A host that drops large pings on purpose passes
//     the same test.
//   - A segment size agreed on below the hole: no full packet ever leaves, so that
//     there is no fault.
//   - A reset: a SYN with a small time to live that is answered with a reset nearer
//     than the host's pings are was not answered by the host. On the last router
//     and on the host itself the two can't be told apart.
//   - Port 25 redirected: the same trace, and the greeting's name: of another
//     organisation (public suffix), with other addresses. Names of one's own
//     domain, or that have the connected address, are load balancers and aliases.
//   - This computer answering itself: the other end of the connection is among
//     this computer's own sockets (/proc/net/tcp).
//   - A host that is off behind a router whose neighbour entry is still fresh:
//     silence for some seconds, then the router's own error. Until it comes the
//     text says "or the host itself".
//   - Unreachable at once, or after three seconds: a router looks for a neighbour
//     for that long, a firewall does not.
//   - The mail side's adapter off while another one has the default route: the
//     adapter that has an address next to the site's hosts is looked at first.
//   - A second computer with our address, or with the gateway's: two hardware
//     addresses answer one question. An ordinary user can't ask, and sees loss.
//   - The router's global address in the plan, its link-local one in the table:
//     the same hardware address answers for both.
//   - A bridge of containers that has the remote subnet's addresses: the way out is
//     on-link by another adapter than the one that the site's hosts are next to.
//   - Answers dropped by the reverse path filter: its counter rises while a trace
//     is under way.
//   - An answer of DNS that was cut and can't be had over TCP: the addresses are
//     unknown, not missing. A lost A beside a received AAAA: likewise.
//   - nsswitch.conf that stops before dns: the look-up obeys the file, with the C
//     library and without.
//   - A full name that exists with a search domain alone: the name that was asked
//     for last is not the one that was given.
//   - A refusal that the host meets while the gateway's service runs: the gateway's
//     own computer says on which addresses it listens.
//   - Two looks that contradict each other: whoever began alone looks again
//     together with the one that came late, or both are called right in their time.
//
// # What can't be told apart
//
// From where linecheck stands these look the same, and the texts name both: a host
// that is off and a dead link behind the router that reports it; a reset of the
// host and of the last router before it; a gateway that drops what it should
// forward, a silent next router, and no way back; a gateway or neighbour that
// ignores pings and an own firewall that drops the replies; a stopped service and
// one that a filter hides; a mask that is too wide and a host of this subnet that
// is off; a second address of the mail host and one that was left over; servers
// that differ by plan and by neglect; one router with two adapters on a subnet and
// two computers with its address.
//
// It needs Linux and root. Tests only: the linecheck binary does not import it.
package lab
