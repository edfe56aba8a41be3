# The first server that was asked, looked at by itself when none answered.
fact "dns_server_ping" {
  target = try(check.dns.result.servers[0].address, null)
  probe "ping" { count = 2 }
}

fact "dns_server_tcp" {
  target  = try(check.dns.result.servers[0].address, null)
  timeout = "4s"
  probe "tcp" {
    port         = 53
    expect_bytes = 12
    # A question for the name servers of the root (RFC 1035), as TCP carries it.
    send = "\u0000\u0011\u0012\u0034\u0001\u0000\u0000\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0002\u0000\u0001"
  }
}

check "dns" {
  title       = "DNS knows the mail server"
  description = "Each DNS server is asked for the mail host's name by itself, and their answers are compared with what this system makes of the name."
  layer       = "ip"
  depends_on  = [check.remote_subnet]
  target      = local.mail_host
  when        = !local.mail_host_is_address

  probe "dns" {
    servers = var.dns_servers
  }

  # The system asks the next server where one is silent or of no help. What a
  # server left open is no objection: the system has found an address.
  pass = (result.system.found && !result.servers_disagree &&
    (!result.servers_in_turn || !anytrue([for s in result.servers : s.addresses_known && (s.rcode == "NXDOMAIN" || (s.rcode == "NOERROR" && length(s.addresses) == 0))])) &&
    (var.mail_address != null || anytrue([for a in result.system.addresses : !anytrue([for n in local.nowhere : cidrcontains(n, a)])])) &&
    (length(result.servers) == 0 ? !result.hosts_file : anytrue([for s in result.servers : s.addresses_known ? s.rcode == "NOERROR" && (s.rotates || length(setintersection(s.addresses, result.system.addresses)) > 0) : s.answered])) &&
    (!local.mail_host_is_full || anytrue([for s in result.servers : !s.addresses_known && s.server == result.answered_by]) || result.search_domain == null) &&
    (var.mail_address == null || anytrue([for a in result.system.addresses : sameip(a, var.mail_address)])) &&
  (var.mail_address == null || length([for a in concat(result.system.addresses, flatten([for s in result.servers : s.addresses if s.addresses_known])) : a if strcontains(a, ":") == local.mail_address_is_ipv6 && !sameip(a, var.mail_address)]) == 0))
  warn    = anytrue([for s in result.servers : !s.answered || length(s.unanswered) > 0 || s.tcp_error != null || s.edns_dropped || length(s.search_unanswered) > 0 || s.rcode != "NOERROR" || length(s.addresses) == 0 || try(s.rtt_ms >= 1000, false)])
  explain = "The name ${target} does not lead to the mail host: the DNS entry is wrong, or the DNS server has trouble answering now."
  remedy  = "Compare what the servers say (dig ${target}) with the site's plan."

  cause "dns_not_configured" {
    when = length(result.servers) == 0
    # Some sites use no DNS on purpose: then the hosts file is what counts.
    severity = result.hosts_file && (var.mail_address == null ? anytrue([for a in result.system.addresses : !anytrue([for n in local.nowhere : cidrcontains(n, a)])]) : anytrue([for a in result.system.addresses : sameip(a, var.mail_address)]) && !anytrue([for a in result.system.addresses : strcontains(a, ":") == local.mail_address_is_ipv6 && !sameip(a, var.mail_address)])) ? "warn" : "fail"
    explain  = "This computer knows no DNS server at all.${result.hosts_file ? " Its hosts file gives ${target} the address ${join(", ", result.system.addresses)}${var.mail_address == null ? "" : "; the site's plan says ${var.mail_address}"}." : ""}${length(result.config_problems) == 0 ? "" : " What programs do not take of /etc/resolv.conf: ${join("; ", result.config_problems)}."}"
    remedy   = "${result.hosts_file ? "If this site uses no DNS on purpose, see only that the line for ${target} in the hosts file is right. Else set" : "Set"} the site's DNS servers (on most systems in /etc/resolv.conf, through the network service). There a line for a server begins with the word nameserver and has one bare address, without a port, and no carriage return at its end; every user must be able to read the file."
  }
  cause "hosts_file_override" {
    when    = result.hosts_file && result.rcode != null && (result.rcode != "NOERROR" || (length(setintersection(result.addresses, result.system.addresses)) == 0 && (length(result.addresses) == 0 || !try(alltrue([for a in result.system.addresses : sameip(a, var.mail_address)]), false))))
    explain = "This computer's hosts file gives ${target} the address ${join(", ", result.system.addresses)}; the DNS servers say ${length(result.addresses) > 0 ? join(", ", result.addresses) : "that it has no address (${result.rcode})"}."
    remedy  = try(alltrue([for a in result.system.addresses : sameip(a, var.mail_address)]), false) ? "That is the planned address: have the entry in DNS corrected, then delete the line for ${target} from the hosts file." : "Delete the line for ${target} from the hosts file, or correct it."
  }
  cause "dns_search_domain" {
    when = local.mail_host_is_full && result.search_domain != null
    # The planned address is the right one, however the name came to it.
    severity = var.mail_address != null && anytrue([for a in result.system.addresses : sameip(a, var.mail_address)]) ? "warn" : "fail"
    explain  = "The address ${join(", ", result.addresses)} is that of ${target}.${result.search_domain}: this computer put its search domain ${result.search_domain} behind the name. As it stands ${target} has no address in DNS, or was not asked for first (ndots)."
    remedy   = "Check the spelling of mail_host. If it is right, have the entry added to the zone; if the longer name is meant, write that. Mail servers mostly use no search domain."
  }
  cause "dns_servers_disagree" {
    when    = result.servers_disagree || (result.servers_in_turn && anytrue([for s in result.servers : length(s.addresses) > 0]) && anytrue([for s in result.servers : s.addresses_known && (s.rcode == "NXDOMAIN" || (s.rcode == "NOERROR" && length(s.addresses) == 0))]))
    explain = result.servers_disagree ? "The DNS servers give ${target} different addresses: ${join("; ", [for s in result.servers : "${s.server} says ${join(", ", s.addresses)}" if s.addresses_known && length(s.addresses) > 0])}.${var.mail_address == null ? " One of them is out of date or serves another network, unless all of these addresses are the mail host's." : " The site's plan says ${var.mail_address}."}" : "The DNS servers do not agree about ${target}: ${join("; ", [for s in result.servers : "${s.server} says ${length(s.addresses) > 0 ? join(", ", s.addresses) : s.rcode == "NXDOMAIN" ? "that there is no such name" : "that it has no address"}" if s.addresses_known && s.answered])}. This computer begins with another of them at each look-up (rotate), so that the name is found or not by chance."
    remedy  = "Have the servers brought to the same state of the zone, or take the wrong one off this computer's list."
  }
  cause "dns_wrong_address" {
    when    = result.system.found && anytrue([for s in result.servers : s.answered]) && (var.mail_address == null ? length(result.addresses) > 0 : !anytrue([for a in(result.hosts_file ? result.addresses : result.system.addresses) : sameip(a, var.mail_address)]))
    explain = "${anytrue([for s in result.servers : s.addresses_known && length(s.addresses) > 0 && s.server == result.answered_by]) ? "DNS gives ${target} the address ${join(", ", result.addresses)}, this system uses" : "For ${target} this system uses the address"} ${join(", ", result.system.addresses)}; ${var.mail_address != null ? "the site's plan says ${var.mail_address}" : length(setintersection(result.addresses, result.system.addresses)) > 0 ? "no other computer can have such an address: either the record is wrong, or a filter answers so for names that it blocks" : "no DNS server that was asked gave that"}."
    remedy  = "Have the record corrected, and clear old answers from caches on the way."
  }
  cause "dns_extra_address" {
    when    = result.system.found && var.mail_address != null && anytrue([for s in result.servers : s.answered]) && length([for a in concat(result.system.addresses, flatten([for s in result.servers : s.addresses if s.addresses_known])) : a if strcontains(a, ":") == local.mail_address_is_ipv6 && !sameip(a, var.mail_address)]) > 0
    explain = "Beside the planned address ${var.mail_address} the name ${target} leads to ${join(", ", distinct([for a in concat(result.system.addresses, flatten([for s in result.servers : s.addresses if s.addresses_known])) : a if strcontains(a, ":") == local.mail_address_is_ipv6 && !sameip(a, var.mail_address)]))}: part of the mail goes there."
    remedy  = "Have the other record deleted. If the mail host does have several addresses, leave mail_address out of the profile."
  }
  cause "dns_answer_truncated" {
    when     = anytrue([for s in result.servers : s.tcp_error != null && (result.system.found || s.server == result.answered_by)])
    severity = result.system.found ? "warn" : "fail"
    explain  = "The answer for ${target} does not fit into a UDP packet, and over TCP, where it must be fetched, nothing comes: ${join(", ", [for s in result.servers : "${s.server} (${replace(s.tcp_error, "_", " ")})" if s.tcp_error != null])}. Which addresses the name has is not known."
    remedy   = "Have TCP port 53 to the DNS server opened, on the server and on the filters before it; or have the answer made shorter."
  }
  cause "dns_refused" {
    when    = result.rcode == "REFUSED"
    explain = "The DNS server refuses to answer this computer's question for ${target}."
    remedy  = "Ask whoever runs the server to allow queries from this computer's address, or use the server that is meant for this site. A forwarder refuses, too, when it knows no server to ask itself."
  }
  cause "dns_alias_broken" {
    when    = (result.rcode == "NOERROR" || result.rcode == "NXDOMAIN") && length(result.addresses) == 0 && anytrue([for s in result.servers : s.server == result.answered_by && s.alias != null])
    explain = "The name ${target} exists, as an alias (CNAME): ${join("", [for s in result.servers : lower(trimsuffix(target, ".")) == s.alias ? "its aliases lead in a circle" : "it leads to ${s.alias}, which ${s.rcode == "NXDOMAIN" ? "does not exist" : "has no address"}" if s.server == result.answered_by])}, says ${result.answered_by}."
    remedy  = "Have the alias pointed to a name that has an address, or that name's record added again."
  }
  cause "dns_name_missing" {
    when    = result.rcode == "NXDOMAIN"
    explain = "${anytrue([for s in result.servers : s.answered && s.rcode == "NOERROR"]) ? "The DNS server ${result.answered_by}, whose answer comes first, says that no name ${target} exists, while ${join(", ", [for s in result.servers : s.server if s.answered && s.rcode == "NOERROR"])} knows it" : "The DNS servers say that no name ${target} exists"}."
    remedy  = "Check the spelling of mail_host. If it is right, have the entry added to the zone."
  }
  cause "dns_server_failing" {
    when    = (result.rcode != null && result.rcode != "NOERROR") || anytrue([for s in result.servers : s.referral && s.server == result.answered_by]) || (result.rcode == null && anytrue([for s in result.servers : s.mismatched]))
    explain = "The DNS server answers, but ${result.rcode == null ? "not to the question: what ${join(", ", [for s in result.servers : s.server if s.mismatched])} sends is about another name or under another number, or no DNS at all" : result.rcode == "NOERROR" ? "with nothing but the names of other servers: it does not ask them for this computer" : "with ${result.rcode}${anytrue([for s in result.servers : s.server == result.answered_by && s.extended_error != null]) ? " (${join(", ", distinct([for s in result.servers : s.extended_error if s.extended_error != null && s.server == result.answered_by]))})" : ""}: it has trouble finding out about ${target}"}."
    remedy  = "Look at the DNS server's own log and at its way to the servers of the zone."
  }
  cause "dns_only_mx" {
    when    = result.rcode == "NOERROR" && length(result.addresses) == 0 && length(result.mail_exchangers) > 0
    explain = "${target} is a mail domain and no computer: it has no address, but DNS names the hosts that take its mail (MX): ${join(", ", result.mail_exchangers)}."
    remedy  = "Write one of these hosts into mail_host: ${join(", ", result.mail_exchangers)}."
  }
  cause "dns_no_address" {
    when    = result.rcode == "NOERROR" && length(result.addresses) == 0
    explain = "The name ${target} exists in DNS but has no address."
    remedy  = "Have an A or AAAA record added for ${target}."
  }
  cause "dns_slow_family" {
    when     = anytrue([for s in result.servers : s.answered && length(s.unanswered) > 0 && (result.system.found || s.server == result.answered_by)])
    severity = result.system.found ? "warn" : "fail"
    explain  = "Questions for ${join(" and ", distinct(flatten([for s in result.servers : s.unanswered if s.answered])))} records of ${target} get no answer from ${join(", ", [for s in result.servers : s.server if s.answered && length(s.unanswered) > 0])}, while others do: ${result.system.found ? "each look-up waits for it, and so does each delivery" : "whether the name has an address is not known"}."
    remedy   = "Look for a filter that drops these questions, or lost packets, on the way; and at the DNS server itself, which must answer even where there is no such record."
  }
  cause "dns_search_domain_silent" {
    when     = result.system.found && anytrue([for s in result.servers : length(s.search_unanswered) > 0])
    severity = "warn"
    explain  = "This computer puts the search domain ${join(", ", distinct(flatten([for s in result.servers : s.search_unanswered])))} behind ${target}, and questions for that longer name get no answer: each look-up waits before ${target} as it stands is asked for."
    remedy   = "Take the search domain off /etc/resolv.conf, or lower ndots there to 1. A name with a dot at its end is never completed."
  }
  cause "packet_loss" {
    when    = result.rcode == "NOERROR" && result.system_timed_out && anytrue([for s in result.servers : s.lost > 0])
    explain = "The DNS servers know ${target} (${join(", ", result.addresses)}), but questions or answers get lost on the way: ${join(", ", [for s in result.servers : "${s.server} answered only when asked again" if s.lost > 0])}, and this system's own look-up got no answer in time."
    remedy  = "Have the way to the DNS servers looked at for lost packets: load, a bad cable, a filter that limits the rate."
  }
  cause "dns_edns_dropped" {
    when     = anytrue([for s in result.servers : s.edns_dropped])
    severity = result.system.found ? "warn" : "fail"
    explain  = "Questions with EDNS (RFC 6891), as most DNS programs send them, get no answer from ${join(", ", [for s in result.servers : s.server if s.edns_dropped])}; plain ones do. ${result.system.found ? "This system's look-ups still work; servers and programs that use EDNS wait or fail" : "This system's own look-up fails: ${result.system.problem}"}."
    remedy   = "Have the firewall before the DNS server let questions with an OPT record through, or that server brought up to date."
  }
  cause "system_resolver_failing" {
    # linecheck:never-false length(result.addresses) > 0: else dns_no_address holds
    when    = result.rcode == "NOERROR" && length(result.addresses) > 0 && !result.system.found
    explain = "The DNS servers know ${target} (${join(", ", result.addresses)}), but this system's own look-up fails: ${result.system.problem}."
    remedy  = "Look at how this system looks names up: /etc/nsswitch.conf, the search domains, a caching service that hangs, and whether it asks other servers than those."
  }
  cause "local_filter" {
    when    = result.rcode == null && anytrue([for s in result.servers : s.local_error == "filtered"])
    explain = "This computer's own firewall does not let DNS questions out."
    remedy  = "Look for an outgoing rule that drops port 53 (nft list ruleset). The DNS servers are not to blame."
  }
  cause "no_route_to_dns_server" {
    when    = result.rcode == null && anytrue([for s in result.servers : s.local_error == "no_route" || s.local_error == "prohibited" || s.local_error == "blackhole"])
    explain = "This computer's own routing table has no way to the DNS server ${join(", ", [for s in result.servers : s.server if s.local_error != null])}."
    remedy  = "Set the route, or another DNS server: an IPv6 server needs IPv6 here, and a link-local one (fe80::) its adapter behind the address (fe80::1%eth0)."
  }
  cause "dns_prohibited" {
    when    = result.rcode == null && anytrue([for s in result.servers : s.icmp.name == "admin_prohibited" || (s.icmp.name == "port_unreachable" && !s.on_this_computer && !sameip(s.address, s.icmp.sender))])
    explain = "${join(", ", distinct([for s in result.servers : s.icmp.sender if s.icmp.name == "admin_prohibited" || s.icmp.name == "port_unreachable"]))} turns DNS questions to ${join(", ", [for s in result.servers : s.server if s.icmp.name == "admin_prohibited" || s.icmp.name == "port_unreachable"])} away: a filter, not the DNS service."
    remedy  = "Ask whoever runs it to let this computer reach the DNS servers on port 53, UDP and TCP."
  }
  cause "dns_answers_from_elsewhere" {
    when     = anytrue([for s in result.servers : s.answered_from != null])
    severity = result.rcode == null ? "fail" : "warn"
    explain  = "Answers to questions for ${join(", ", [for s in result.servers : "${s.server} come from ${s.answered_from}" if s.answered_from != null])}: programs drop them, as they might be forged."
    remedy   = "Have the server answer from the address that it was asked at (a second address of its adapter, or address translation that works one way only), or enter the other address as DNS server."
  }
  cause "dns_udp_filtered" {
    when    = result.rcode == null && fact.dns_server_tcp.received != ""
    explain = "The DNS server ${result.servers[0].server} answers over TCP but not over UDP: a filter on the way, or this computer's own firewall, drops UDP port 53."
    remedy  = "See nft list ruleset, then have UDP port 53 to ${result.servers[0].server} opened."
  }
  cause "dns_local_stub_down" {
    when     = anytrue([for s in result.servers : s.on_this_computer && !s.answered])
    severity = result.rcode == null ? "fail" : "warn"
    explain  = "The DNS server ${join(", ", [for s in result.servers : s.server if s.on_this_computer && !s.answered])} is this computer itself, and no DNS service answers here."
    remedy   = "Start this computer's own DNS service again (systemd-resolved, dnsmasq, unbound …) and look at its log; or set the site's DNS servers in /etc/resolv.conf in its place."
  }
  cause "dns_service_down" {
    when    = result.rcode == null && (anytrue([for s in result.servers : s.refused]) || fact.dns_server_ping.received > 0)
    explain = "The computer ${anytrue([for s in result.servers : s.refused]) ? join(", ", [for s in result.servers : s.server if s.refused]) : result.servers[0].server} is up, but nothing there answers DNS questions: its DNS service is stopped, hangs, takes too long or ignores this computer, or a filter drops port 53."
    remedy  = "Start the DNS service on ${anytrue([for s in result.servers : s.refused]) ? join(", ", [for s in result.servers : s.server if s.refused]) : result.servers[0].server}; if it runs, look for a filter on the way."
  }
  cause "dns_server_down" {
    # linecheck:never-false fact.dns_server_ping.received == 0: else dns_service_down holds
    when    = result.rcode == null && fact.dns_server_ping.received == 0
    explain = "The DNS server ${result.servers[0].server} answers neither questions nor pings: it is down or can't be reached, or a firewall, perhaps this computer's own, drops its answers."
    remedy  = "See nft list ruleset, and whether the computer ${result.servers[0].server} is on, or set another DNS server for this computer."
  }
  cause "dns_slow_server" {
    when     = result.system.found && anytrue([for s in result.servers : s.rcode == "NOERROR"]) && anytrue([for s in result.servers : !s.answered || try(s.rtt_ms >= 1000, false)])
    severity = "warn"
    explain  = anytrue([for s in result.servers : !s.answered]) ? "Of the DNS servers, ${join(", ", [for s in result.servers : s.server if !s.answered])} did not answer; a look-up that asks it waits before another server is asked." : "${join(", ", [for s in result.servers : "${s.server} takes ${s.rtt_ms} ms" if try(s.rtt_ms >= 1000, false)])} to answer a question for ${target}, even when asked again: each look-up takes at least as long."
    remedy   = "Mend that server or the way to it, or take it off this computer's list. One that answers late may wait for a forwarder of its own that is dead."
  }
  cause "dns_server_unhelpful" {
    # linecheck:never-false s.answered: else dns_slow_server holds
    when     = result.system.found && anytrue([for s in result.servers : s.rcode == "NOERROR"]) && anytrue([for s in result.servers : s.answered && (s.rcode != "NOERROR" || length(s.addresses) == 0)])
    severity = "warn"
    # linecheck:never-false s.answered: else dns_slow_server holds
    explain = "The DNS servers do not agree about ${target}: ${join(", ", [for s in result.servers : "${s.server} says ${s.rcode == "NOERROR" && length(s.addresses) == 0 ? "that it has no address" : s.rcode}" if s.answered])}. The name works as long as one that knows it is asked."
    remedy  = "Mend the server that does not know the name, or take it off this computer's list."
  }
}
