// Package netconn opens TCP connections, and says how that ended: refused by whom,
// unanswered, or not even sent by this computer. What UDP and TCP sockets have in
// common is here as well: waits that a context ends, words for why this computer
// did not send, and ICMP errors of connected sockets.
//
// [Connect] tries one address, [ConnectTarget] those of a name. Both go through
// the World's Dial where there is one.
package netconn
