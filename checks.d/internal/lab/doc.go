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
// It needs Linux and root. Tests only: the linecheck binary does not import it.
package lab
