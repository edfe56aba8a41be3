// Package resolver looks names up as programs on this computer do: by
// resolv.conf(5), hosts(5) and nsswitch.conf(5), and by getent(1) where only the C
// library knows. Look-ups and files go through the World.
//
// Start with [Lookup] or, for the one address to ask about, [Resolve].
// [ReadConfig] and [ReadHosts] are what the files say.
package resolver
