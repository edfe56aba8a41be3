// Package neighbour asks about hosts on the same link: the kernel's neighbour
// table (rtnetlink(7), arp(7)) and, past it, the link itself by ARP (RFC 826) and
// neighbour discovery (RFC 4861). It exists on Linux only.
//
// [Host.Look] and [Host.Provoke] read the table; [AskAll] hears everyone who
// answers for an address.
package neighbour
