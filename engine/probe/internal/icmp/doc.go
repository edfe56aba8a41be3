// Package icmp speaks ICMP and ICMPv6: echo sockets with or without privilege
// (icmp(7), raw(7)), the packets that they send and receive, and the errors that
// the kernel keeps with their senders in a socket's error queue (ip(7),
// IP_RECVERR). The sockets are Linux's.
//
// [Open] is a socket for one host, [OpenBatch] one for many, and an [Error] says
// what a router or host had to say, in one word for both families.
package icmp
