// Package dnsclient puts questions to DNS servers (RFC 1035) and says what came
// of them: answers, but also refusals, silence, ICMP errors, answers from
// elsewhere, EDNS that is dropped, and answers that TCP alone carries.
//
// Start with [Client.Walk], which asks one server for a name along the search
// list as the system's resolver would.
package dnsclient
