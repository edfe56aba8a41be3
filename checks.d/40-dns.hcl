# The first server that was asked, looked at by itself when none answered.
fact "dns_server_ping" {
  target = try(check.dns.result.servers[0].server, null)
  probe "ping" { count = 2 }
}

fact "dns_server_tcp" {
  target  = try(check.dns.result.servers[0].server, null)
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
  target      = var.mail_host
  # An address needs no DNS.
  when = !can(cidrhost("${var.mail_host}/32", 0))

  probe "dns" {
    servers = var.dns_servers
  }

  # The system asks the next server where one is silent or of no help.
  pass    = result.system.found && anytrue([for s in result.servers : s.rcode == "NOERROR" && length(setintersection(s.addresses, result.system.addresses)) > 0]) && (var.mail_address == null || anytrue([for a in result.system.addresses : sameip(a, var.mail_address)]))
  warn    = anytrue([for s in result.servers : s.rcode != "NOERROR"])
  explain = "The name ${target} does not lead to the mail host: the DNS entry is wrong, or the DNS server has trouble answering now."
  remedy  = "Compare what the servers say (dig ${target}) with the site's plan."

  cause "dns_not_configured" {
    when    = length(result.servers) == 0
    explain = "This computer knows no DNS server at all."
    remedy  = "Set the site's DNS servers (on most systems in /etc/resolv.conf, through the network service)."
  }
  cause "hosts_file_override" {
    when    = result.hosts_file && result.rcode != null && (result.rcode != "NOERROR" || length(setintersection(result.addresses, result.system.addresses)) == 0)
    explain = "This computer's hosts file gives ${target} the address ${join(", ", result.system.addresses)}; the DNS servers say ${length(result.addresses) > 0 ? join(", ", result.addresses) : "that it has none (${result.rcode})"}."
    remedy  = "Delete the line for ${target} from the hosts file, or correct it."
  }
  cause "dns_refused" {
    when    = result.rcode == "REFUSED"
    explain = "The DNS server refuses to answer this computer's question for ${target}."
    remedy  = "Ask whoever runs the server to allow queries from this computer's address, or use the server that is meant for this site."
  }
  cause "dns_name_missing" {
    when    = result.rcode == "NXDOMAIN"
    explain = "The DNS servers say that no name ${target} exists."
    remedy  = "Check the spelling of mail_host. If it is right, have the entry added to the zone."
  }
  cause "dns_server_failing" {
    when    = result.rcode != null && result.rcode != "NOERROR"
    explain = "The DNS server answers, but with ${result.rcode}: it has trouble finding out about ${target}."
    remedy  = "Look at the DNS server's own log and at its way to the servers of the zone."
  }
  cause "dns_no_address" {
    when    = result.rcode == "NOERROR" && length(result.addresses) == 0
    explain = "The name ${target} exists in DNS but has no address."
    remedy  = "Have an A or AAAA record added for ${target}."
  }
  cause "system_resolver_failing" {
    # linecheck:never-false length(result.addresses) > 0: else dns_no_address holds
    when    = result.rcode == "NOERROR" && length(result.addresses) > 0 && !result.system.found
    explain = "The DNS servers know ${target} (${join(", ", result.addresses)}), but this system's own look-up fails: ${result.system.problem}."
    remedy  = "Look at how this system looks names up: /etc/nsswitch.conf, the search domains, a caching service that hangs."
  }
  cause "dns_wrong_address" {
    # linecheck:never-false length(result.addresses) > 0: else dns_no_address holds
    when    = result.rcode == "NOERROR" && length(result.addresses) > 0
    explain = "DNS gives ${target} the address ${join(", ", result.addresses)}, this system uses ${join(", ", result.system.addresses)}; the site's plan says ${var.mail_address}."
    remedy  = "Have the record corrected, and clear old answers from caches on the way."
  }
  cause "local_filter" {
    when    = result.rcode == null && anytrue([for s in result.servers : s.local_error == "filtered"])
    explain = "This computer's own firewall does not let DNS questions out."
    remedy  = "Look for an outgoing rule that drops port 53 (nft list ruleset). The DNS servers are not to blame."
  }
  cause "dns_prohibited" {
    when    = result.rcode == null && anytrue([for s in result.servers : s.icmp.name == "admin_prohibited" || (s.icmp.name == "port_unreachable" && !strcontains(s.server, s.icmp.sender))])
    explain = "${join(", ", distinct([for s in result.servers : s.icmp.sender if s.icmp.name == "admin_prohibited" || s.icmp.name == "port_unreachable"]))} turns DNS questions to ${join(", ", [for s in result.servers : s.server])} away: a filter, not the DNS service."
    remedy  = "Ask whoever runs it to let this computer reach the DNS servers on port 53, UDP and TCP."
  }
  cause "dns_udp_filtered" {
    when    = result.rcode == null && fact.dns_server_tcp.received != ""
    explain = "The DNS server ${result.servers[0].server} answers over TCP but not over UDP: a filter on the way drops UDP port 53."
    remedy  = "Have UDP port 53 to ${result.servers[0].server} opened."
  }
  cause "dns_service_down" {
    when    = result.rcode == null && (anytrue([for s in result.servers : s.refused]) || fact.dns_server_ping.received > 0)
    explain = "The computer ${result.servers[0].server} is up, but nothing there answers DNS questions: its DNS service is stopped, or a filter drops port 53."
    remedy  = "Start the DNS service on ${result.servers[0].server}; if it runs, look for a filter on the way."
  }
  cause "dns_server_down" {
    # linecheck:never-false fact.dns_server_ping.received == 0: else dns_service_down holds
    when    = result.rcode == null && fact.dns_server_ping.received == 0
    explain = "The DNS server ${result.servers[0].server} answers neither questions nor pings: it is down or can't be reached."
    remedy  = "Look whether the computer ${result.servers[0].server} is on, or set another DNS server for this computer."
  }
  cause "dns_slow_server" {
    when     = result.system.found && anytrue([for s in result.servers : s.rcode == "NOERROR"]) && anytrue([for s in result.servers : !s.answered])
    severity = "warn"
    explain  = "Of the DNS servers, ${join(", ", [for s in result.servers : s.server if !s.answered])} did not answer; each look-up waits for it before another is asked."
    remedy   = "Mend that server or take it off this computer's list."
  }
  cause "dns_server_unhelpful" {
    # linecheck:never-false s.answered: else dns_slow_server holds
    when     = result.system.found && anytrue([for s in result.servers : s.rcode == "NOERROR"]) && anytrue([for s in result.servers : s.answered && s.rcode != "NOERROR"])
    severity = "warn"
    # linecheck:never-false s.answered: else dns_slow_server holds
    explain = "The DNS servers do not agree about ${target}: ${join(", ", [for s in result.servers : "${s.server} says ${s.rcode}" if s.answered])}. The name works as long as one that knows it is asked."
    remedy  = "Mend the server that does not know the name, or take it off this computer's list."
  }
}
