locals {
  # Relations of the greeting's name to the mail host that do not show it to be
  # that host.
  strange = ["elsewhere", "unknown_name", "unresolved"]
}

# The facts below are gathered where the connection did not come about; a
# service that hangs needs none of them.
fact "mail_route" {
  target = check.smtp.result.address
  probe "route" { port = var.smtp_port }
}

fact "mail_ping_route" {
  target = check.smtp.result.address
  probe "route" {}
}

fact "mail_neighbour" {
  target = check.smtp.result.icmp_origin == "this_computer" ? try(coalesce(fact.mail_ping_route.gateway, check.smtp.result.address), null) : null
  probe "neighbour" {}
}

fact "mail_ping" {
  target = check.smtp.result.address
  probe "ping" { count = 3 }
}

fact "mail_trace" {
  target = check.smtp.result.address
  probe "trace" {
    method = "tcp"
    port   = var.smtp_port
  }
}

fact "mail_path" {
  target = check.smtp.result.address
  probe "trace" {}
}

check "smtp" {
  title       = "The mail server greets with 220"
  description = "A connection to the mail host's SMTP port, its greeting read, and a polite QUIT: nothing is sent through it."
  layer       = "tcp"
  depends_on  = [check.dns]
  target      = local.mail_host
  # A greeting after 15 s is waited for, or an answer to EHLO, which share this
  # time; more would not end within 30 s where the DNS has taken its time as well.
  timeout = "16500ms"

  probe "smtp" { port = var.smtp_port }

  pass = (
    result.code == 220
    && !contains(["not_understood", "unanswered", "closed", "garbled", "not_now"], coalesce(result.dialogue, "none"))
    && result.answered_here == null
    && (var.mail_greeting == null ? !contains(local.strange, coalesce(result.greeting_relation, "none")) : result.greeting_name == lower(coalesce(var.mail_greeting, "none")))
    && !anytrue([for a in result.attempts : a.refused || a.timed_out || a.icmp.type != null || a.local_error == "filtered"])
  )
  warn    = result.greeting_ms >= 10000 || try(result.ehlo_ms >= 10000, false) || result.masked != null || result.dialogue == "refused" || (result.answered_nearer && var.mail_greeting == null) || try(result.connect_ms >= 2000 && check.remote_subnet.status != "warn" && !(check.default_gateway.status == "warn" && check.default_gateway.result.received > 0), false)
  explain = "The TCP layer to ${target} does not work: port ${var.smtp_port} gives no 220 greeting."
  remedy  = "Look whether the mail service on ${target} runs and is allowed to be reached from here."

  cause "local_filter" {
    when = (
      result.local_error == "filtered" || result.answered_here == "own_firewall"
      || (!result.connected && result.icmp_origin == "this_computer" && (result.icmp.name != "host_unreachable" || (fact.mail_neighbour.reachable && result.total_ms < 1000)))
    )
    explain = "This computer's own firewall does not let connections to ${target} port ${var.smtp_port} out."
    remedy  = "Look for an outgoing rule that drops or rejects them (nft list ruleset)."
  }
  cause "local_ports_exhausted" {
    when    = !result.connected && result.local_error == "address_unavailable"
    explain = "This computer has no local port left for another connection to ${target} port ${var.smtp_port}: too many are open, or the range of ports is too small. The mail host was not even asked."
    remedy  = "Look for the program that holds so many connections (ss -tan), and at net.ipv4.ip_local_port_range."
  }
  cause "smtp_route_differs" {
    when = (
      !result.connected && !result.refused && !contains(["admin_prohibited", "port_unreachable", "protocol_unreachable"], coalesce(result.icmp.name, "none"))
      && (
        (fact.mail_ping_route.redirected_to == null && (fact.mail_route.kind != fact.mail_ping_route.kind || fact.mail_route.gateway != fact.mail_ping_route.gateway || fact.mail_route.interface != fact.mail_ping_route.interface))
        || (result.timed_out && try(fact.mail_trace.hops[0].sender != fact.mail_path.hops[0].sender, false))
        || (result.icmp_origin == "this_computer" && fact.mail_neighbour.reachable)
      )
    )
    explain = "Mail to ${target} leaves this computer by another way than pings to it: a policy rule, or a mark of the firewall, sends port ${var.smtp_port} elsewhere. That way the connection does not come about."
    remedy  = "Look at the rules (ip rule; ip route get ${result.address} ipproto tcp dport ${var.smtp_port}; nft list ruleset). If mail is meant to go that way, look at that line; if not, delete the rule."
  }
  cause "smtp_prohibited" {
    # A router that looks in vain for a host says so after 3 s, a filter at once,
    # or at the second attempt.
    when = (
      !result.connected && result.icmp.sender != null
      && (
        contains(["admin_prohibited", "port_unreachable", "protocol_unreachable"], coalesce(result.icmp.name, "none"))
        || ((result.icmp.name == "net_unreachable" || (result.icmp.name == "host_unreachable" && result.total_ms < 2500)) && fact.mail_ping.received > 0)
      )
    )
    explain = "${result.icmp.sender} turns connections to ${target} port ${var.smtp_port} away (ICMP ${result.icmp.name}): ${result.icmp_origin == "target" ? "the mail host's own firewall" : "a firewall"}, not the mail service."
    remedy  = "Ask whoever runs ${result.icmp.sender} to let this computer reach ${target} on TCP port ${var.smtp_port}."
  }
  cause "no_route_to_mail_host" {
    when    = !result.connected && (contains(["no_route", "prohibited", "blackhole"], coalesce(result.local_error, "none")) || result.icmp.name == "net_unreachable")
    explain = "${result.local_error != null ? "This computer's own routing table has no way" : "The router ${result.icmp.sender} has no route"} to ${target} (${result.address})${result.local_error == "prohibited" || result.local_error == "blackhole" ? ": an entry of it forbids that" : ""}."
    remedy  = "${result.local_error != null ? "Look at the entry or the missing one (ip route get ${result.address}; ip rule) and set the route" : "Ask whoever runs ${result.icmp.sender} to set the route"}, or correct the address of ${target}."
  }
  cause "mail_host_down" {
    when = (
      !result.connected
      && (
        result.icmp.name == "host_unreachable"
        || (result.timed_out && fact.mail_ping.received == 0 && !try(sameip(result.address, var.remote_host), false))
      )
    )
    explain = "${target} (${result.address}) does not answer: ${result.timed_out ? "neither pings nor connections to port ${var.smtp_port}. It is switched off or unplugged, or a firewall drops both" : result.icmp_origin == "this_computer" ? "this computer asks for it, or for the router before it, on its own cable, and nobody replies. It is switched off or unplugged" : sameip(result.icmp.sender, result.address) ? "that address itself reports that whom connections to port ${var.smtp_port} are for can't be reached. It hands the port on to another computer, which is switched off or unplugged, or a firewall turns connections away in this way" : "the router ${result.icmp.sender} reports that it can't be reached. It is switched off or unplugged, or the link behind that router is dead${result.total_ms < 1000 ? "; or, since a router that has to look for a host takes some 3 s and this one said so at once, it has no way there or a rule against it" : ""}"}."
    remedy  = "Look whether ${target} is on and plugged in, and whether ${result.address} is still its address. Where a router or firewall hands port ${var.smtp_port} on to another computer, look at that one."
  }
  cause "routing_loop" {
    when    = !result.connected && result.icmp.name == "ttl_exceeded" && fact.mail_trace.loop
    explain = "Connections to ${target} (${result.address}) port ${var.smtp_port} go round in a circle until their time is up, as ${result.icmp.sender} reports."
    remedy  = "Tell whoever runs ${result.icmp.sender} that it and its neighbour send packets for ${result.address} to one another: one of them has a wrong route."
  }
  cause "smtp_unreachable" {
    when    = !result.connected && result.icmp.type != null
    explain = "${result.icmp.sender} answers connections to ${target} port ${var.smtp_port} with an ICMP error: ${result.icmp.name} (type ${result.icmp.type}, code ${result.icmp.code})${result.icmp.name == "ttl_exceeded" ? ". Their time is up there: routes lead in a circle, or a rule here or on the way makes that time (TTL) too short" : ""}."
    remedy  = "${result.icmp.name == "ttl_exceeded" ? "Look for a rule of this computer that sets the TTL (nft list ruleset), then ask" : "Ask"} whoever runs ${result.icmp.sender} why it does not deliver packets to ${result.address}."
  }
  cause "smtp_local_redirect" {
    when = result.answered_here != null
    # A filter that shows the host's own greeting may well hand on to it.
    severity = result.greeting_relation == "name" && result.answered_here == "own_socket" ? "warn" : "fail"
    explain  = "This computer itself ${result.connected ? "answers" : "refuses"} connections to ${target} (${result.address}) port ${var.smtp_port}: that address is its own, or a redirect or mail filter on it takes them. Whether the mail host can be reached is not known."
    remedy   = "Look at the name's address, at redirects (nft list ruleset, chains of type nat) and at a mail filter or virus scanner on this computer."
  }
  cause "smtp_reset_on_the_way" {
    when    = result.refused && fact.mail_trace.reached && length(fact.mail_trace.hops) < length(fact.mail_path.hops)
    explain = "Connections to ${target} (${result.address}) port ${var.smtp_port} are refused at ${length(fact.mail_trace.hops) == 1 ? "the first hop: by this computer's own firewall or a redirect in it, or by its gateway" : "hop ${length(fact.mail_trace.hops)} at the latest"}, while the way to the host is longer (${length(fact.mail_path.hops)} hops or more): a firewall refuses in the host's name, or a redirect hands them to a computer that does."
    remedy  = "${length(fact.mail_trace.hops) == 1 ? "Look at this computer's own rules (nft list ruleset), then ask" : "Ask"} whoever runs the firewalls on the way, and the carrier, to let TCP port ${var.smtp_port} through. ${target} need not be to blame."
  }
  cause "smtp_refused" {
    when    = result.refused
    explain = "${target} (${result.address}) refuses connections to port ${var.smtp_port}: its mail service is not running or listens elsewhere, or a firewall on it or right before it refuses in its name."
    remedy  = "Look whether the mail service on ${target} runs and listens on port ${var.smtp_port} of ${result.address}; if it does, look at the firewalls before it."
  }
  cause "smtp_filtered" {
    when    = !result.connected && result.timed_out
    explain = "Connections to ${target} (${result.address}) port ${var.smtp_port} vanish without an answer: a firewall on the way, on ${target} or on this computer drops them or their answers, the mail service is too overloaded to take another, or this computer sends them another way than pings."
    remedy  = "Have the firewalls between looked at for TCP port ${var.smtp_port}, in both directions, and this computer's rules (nft list ruleset; ip rule)."
  }
  cause "smtp_expects_tls" {
    when    = result.connected && result.expects_tls
    explain = "${target} port ${var.smtp_port} speaks TLS from the first byte on, as port 465 does: there is no greeting to be read without it."
    remedy  = "Set smtp_port to the port for plain SMTP (25), or have the service on ${target} speak SMTP first and offer STARTTLS."
  }
  cause "smtp_greeting_mangled" {
    when = result.masked != null
    # Some of these filters leave enough for mail to pass.
    severity = result.code == 220 && contains(["completed", "tls_required", "refused", "unfinished"], coalesce(result.dialogue, "none")) ? "warn" : "fail"
    explain  = "A filter on the way to ${target}, or on it, rewrites the ${result.masked == "greeting" ? "greeting: \"${result.greeting}\"" : result.masked == "command" ? "command EHLO, so that ${target} does not know it" : "list of what the mail service can do: \"${result.ehlo_reply}\""}. ${result.masked == "greeting" ? "What is meant to hide the mail service breaks its dialogue" : "TLS and other extensions are lost by that"}."
    remedy   = "Switch the inspection of SMTP off in the firewalls on the way (Cisco: no fixup protocol smtp, no inspect esmtp)."
  }
  cause "smtp_wrong_host" {
    when = result.is_smtp && (var.mail_greeting == null ? contains(local.strange, coalesce(result.greeting_relation, "none")) : result.code == 220 && result.greeting_name != lower(coalesce(var.mail_greeting, "none")))
    # A name that the DNS does not know may be the host's own after all, unless
    # the connection is answered before it could get there.
    severity = var.mail_greeting != null || result.greeting_relation == "elsewhere" || result.answered_nearer ? "fail" : "warn"
    explain  = "Who greets on ${target} (${result.address}) port ${var.smtp_port} ${result.greeting_name == null ? "gives no name" : "calls itself ${result.greeting_name}"}${var.mail_greeting != null ? ", not ${var.mail_greeting}" : result.greeting_relation == "elsewhere" ? ", which is another host (${join(", ", result.greeting_addresses)})" : ", which is of another domain, and no DNS server here gives it an address"}${result.answered_nearer ? ", and answers nearer than pings to that address are answered" : ""}: mail may be redirected on the way, or the address may be another host's."
    remedy   = "Ask whoever runs ${target} how it greets. If that is its name, set mail_greeting to it in the profile; if not, look for a redirect of port ${var.smtp_port} here, on the routers or at the carrier."
  }
  cause "smtp_not_ready" {
    when    = (result.code != null && result.code >= 400 && result.code < 500) || result.dialogue == "not_now"
    explain = "${target} answers ${result.code == 220 ? "EHLO with \"${result.ehlo_reply}\"" : "\"${result.greeting}\""}: its mail service, or a proxy that answers in its name, is not ready now and asks to come back later."
    remedy  = "Look at the mail service's log on ${target}: load, disk space, or a limit on connections from here."
  }
  cause "smtp_refuses_service" {
    when    = result.code != null && result.code >= 500
    explain = "${target} answers \"${result.greeting}\": its mail service, or a proxy that answers in its name, will not serve this computer."
    remedy  = "Ask whoever runs ${target} to allow this mail gateway (access list, block list, reverse DNS)."
  }
  cause "not_smtp" {
    when = (
      (result.connected && !result.is_smtp && result.greeting != null && !((result.timed_out || result.closed_early) && can(regex("^[2-5][0-9][0-9][ -]", result.greeting))))
      || (result.connected && !result.is_smtp && result.provoked != null && !can(regex("^[2-5][0-9][0-9]([ -]|$)", result.provoked)))
      || (result.code != null && result.code < 220)
      || result.dialogue == "not_understood"
    )
    explain = "Something listens on ${target} port ${var.smtp_port}, but it does not speak SMTP. It said: ${result.greeting == null ? result.provoked : result.greeting}${result.is_smtp && result.ehlo_reply != null ? "; and to EHLO or HELO: ${result.ehlo_reply}" : ""}"
    remedy  = "Check smtp_port and the address; on ${target}, find out which service took the port."
  }
  cause "smtp_no_greeting" {
    when    = result.connected && !result.is_smtp
    explain = "${target} takes the connection on port ${var.smtp_port} ${result.closed_early ? "and closes it ${result.greeting == null ? "without a word" : "in the middle of its greeting"}: its mail service turns this computer away or breaks as it starts, or a firewall or proxy before it ends the connection" : "but ${result.greeting != null ? "stops in the middle of its greeting" : result.provoked == null ? "says nothing" : "says nothing by itself. Spoken to in TLS before it has greeted, it answers \"${result.provoked}\", as a mail server does that turns early talkers away"}: its mail service hangs, is overloaded or lets everybody wait for longer${result.provoked == null ? ", or a filter lets only the connection's first packets through" : " on purpose"}"}."
    remedy  = "Look at the mail service on ${target}: is it stopped, out of processes, or waiting for a look-up?"
  }
  cause "smtp_dialogue_stalls" {
    when    = contains(["unanswered", "closed", "garbled"], coalesce(result.dialogue, "none"))
    explain = "${target} greets with 220 on port ${var.smtp_port}, but ${result.dialogue == "unanswered" ? "does not answer EHLO within ${result.ehlo_ms} ms" : result.dialogue == "closed" ? "closes the connection before it has answered EHLO" : "what it answers to EHLO is no reply to it"}: its mail service hangs or breaks behind the greeting, or a filter on the way disturbs the dialogue."
    remedy  = "Look at the mail service's log on ${target}, and at filters between that take part in SMTP."
  }
  cause "smtp_some_addresses_dead" {
    when = anytrue([for a in result.attempts : a.refused || a.timed_out || a.icmp.type != null || a.local_error == "filtered"])
    # Where only the way for IPv6 is missing, programs go on at once.
    severity = alltrue([for a in result.attempts : a.connected || (a.icmp.name == "net_unreachable" && strcontains(a.address, ":"))]) ? "warn" : "fail"
    explain  = "${target} greets on ${result.address}, but of its ${length(result.attempts)} addresses ${join(", ", [for a in result.attempts : a.address if a.refused || a.timed_out || a.icmp.type != null || a.local_error == "filtered"])} can't be connected to on port ${var.smtp_port}: each delivery that tries there first waits or fails."
    remedy   = "Look at the mail service and the way there; this site's IPv6 may not reach so far. Take the address out of the name's entry only if nobody else reaches it."
  }
  cause "smtp_answered_nearer" {
    when = result.code == 220 && result.answered_nearer && var.mail_greeting == null
    # It may stand there on purpose, and hand mail on.
    severity = "warn"
    explain  = "Who greets on ${target} (${result.address}) port ${var.smtp_port} with \"${result.greeting}\" answers at hop ${result.nearer_hop}${result.nearer_router == null ? "" : ", where ${result.nearer_router} stands"}, while pings to that address go further: a proxy, filter, load balancer or redirect takes the connections there. Nothing in the greeting shows it to be ${target}, whose own mail service may be dead."
    remedy   = "Ask whoever runs the computer at hop ${result.nearer_hop}${result.nearer_router == null ? "" : " (${result.nearer_router})"} whether it is meant to take port ${var.smtp_port}. If not, have the redirect deleted; if so, see whether the mail service on ${target} runs${result.greeting_name == null ? "" : ", and set mail_greeting to ${result.greeting_name} in the profile"}."
  }
  cause "smtp_slow_greeting" {
    when     = result.code == 220 && (result.greeting_ms >= 10000 || try(result.ehlo_ms >= 10000, false))
    severity = "warn"
    explain  = "${target} ${result.greeting_ms >= 10000 ? "greets after ${result.greeting_ms} ms" : "answers EHLO after ${result.ehlo_ms} ms"}. Some mail servers wait on purpose, to be rid of spam; others are overloaded or wait for a look-up of this computer's name. Programs that wait less give up."
    remedy   = "Ask whoever runs ${target} whether the delay is meant. If it is not, look at its load and at its DNS (reverse look-ups)."
  }
  cause "smtp_slow_connect" {
    when     = result.connect_ms >= 2000
    severity = "warn"
    explain  = "The connection to ${target} (${result.address}) port ${var.smtp_port} came about only after ${result.connect_ms} ms: its first packets or their answers were lost twice, and each delivery may wait as long."
    remedy   = "Look again. If it stays, look for a limit on new connections, and for a dead one of several computers behind ${result.address}."
  }
  cause "smtp_helo_refused" {
    when     = result.dialogue == "refused"
    severity = "warn"
    explain  = "${target} greets, but does not accept how this check introduces itself: \"${result.ehlo_reply}\". It may want a name there that the mail gateway gives and this check does not, or it refuses this computer."
    remedy   = "Look whether the mail gateway's own messages get through; if not, ask whoever runs ${target}."
  }
}

check "smtp_log" {
  title       = "The greeting is in this computer's log"
  description = "With full logging the mail gateway writes the host's greeting down whenever it delivers."
  layer       = "log"
  depends_on  = [check.smtp]
  target      = var.smtp_log
  when        = var.smtp_log != null # not every gateway logs its dialogues

  # A greeting has the server's name behind its code, or says which protocol it
  # speaks; other lines hold the number 220 by chance.
  probe "log" { pattern = "\\b220[ -](\\S*\\.\\S|.*SMTP|\\*)" }

  pass    = result.found && result.matched
  warn    = try(result.age_s > 3600 * var.smtp_log_max_age_h, false)
  explain = "There is no log file ${target} on this computer."
  remedy  = "Correct smtp_log in the profile, or switch the mail gateway's logging on."

  cause "greeting_not_logged" {
    when    = result.found
    explain = "The log file ${target} holds no 220 greeting in its last part: the mail gateway has not reached a mail host lately, or does not log in full."
    remedy  = "Switch full logging on, send a test message, then look again. If the greeting is still missing, look at the mail gateway's queue."
  }
  cause "greeting_logged_long_ago" {
    when     = result.age_s != null
    severity = "warn"
    explain  = "The log file ${target} was last written ${floor(result.age_s / 3600)} hours ago: the greeting in it says nothing of today. The mail gateway delivers nothing, or logs elsewhere."
    remedy   = "Send a test message, then look again. If the file stays as it is, correct smtp_log, or look whether the mail gateway runs; if mail is that rare here, raise smtp_log_max_age_h."
  }
}
