// Package rtnetlink asks the Linux kernel for routes (rtnetlink(7)): the entry that
// applies, the next hop that is chosen, and redirects.
//
// Start with [LookupRoute], [LookupPortRoute] or [DefaultRoute]. They exist on
// Linux only.
package rtnetlink
