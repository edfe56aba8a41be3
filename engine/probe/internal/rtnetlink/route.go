package rtnetlink

import "net/netip"

// Kinds are the words for what a route does with packets, but for those
// of a type that none stands for.
var Kinds = []string{"unicast", "local", "broadcast", "multicast", "anycast", "blackhole", "prohibit", "unreachable"}

// A NextHop is where packets are handed to.
type NextHop struct {
	Gateway netip.Addr // zero: to the destination itself
	Link    int        // index of the adapter, 0 for none
}
