package probe

// routeKindWords are the words for what a route does with packets, but for those
// of a type that none stands for.
var routeKindWords = []string{"unicast", "local", "broadcast", "multicast", "anycast", "blackhole", "prohibit", "unreachable"}
