// Package resolver looks names up as programs on this computer do: resolv.conf(5),
// hosts(5), nsswitch.conf(5), and getent(1) where only the C library knows. Look-ups
// and files go through the World.
//
// Start with [Lookup] or, for the one address to ask about, [Resolve].
// [ReadConfig] and [ReadHosts] are what the files say.
package resolver
