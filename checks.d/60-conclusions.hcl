# What only both ends together can tell. The gateway's vantage looks up the line
# to the mail host, the host's vantage down the line to the gateway. A lost ping
# does not say in which direction it was lost. A router that reports why it did
# not send on speaks for the direction that it was asked in; the silence at the
# other end is then only that of answers which would take the same way. Two looks
# say something of one line only if each was at the other end's computer and not
# at another one of its subnet, and, where they contradict each other, if they
# were made at the same time.

conclusion "same_computer" {
  when = (
    vantage.gateway.check.adapter.result.mac != null
    && vantage.gateway.check.adapter.result.mac == vantage.host.check.adapter.result.mac
    && vantage.gateway.fact.own_listeners.own_addresses == vantage.host.fact.own_listeners.own_addresses
  )
  explain = "Both vantages look from what seems to be one computer: the adapter ${vantage.host.check.adapter.result.name} has the same hardware address ${vantage.host.check.adapter.result.mac}, and all addresses are the same. What one of them says is then about the wrong computer."
  remedy  = "Look where the profile's \"via\" leads (run its command with hostname behind it), and correct it."
}

conclusion "dns_swapped" {
  when = (
    anytrue([for a in concat(vantage.gateway.fact.own_listeners.own_addresses, ["127.0.1.1"]) : sameip(a, vantage.gateway.check.smtp.result.address)])
    && anytrue([for a in concat(vantage.host.fact.own_listeners.own_addresses, ["127.0.1.1"]) : sameip(a, vantage.host.check.smtp.result.address)])
  )
  explain = "Each end asks itself: the name of the mail host leads the gateway to ${vantage.gateway.check.smtp.result.address}, which is the gateway's own address, and the name of the gateway leads the host to ${vantage.host.check.smtp.result.address}, which is the host's own. Whatever the mail step says, it says nothing about the line."
  remedy  = "Compare mail_host of both vantages in the profile, then the names' entries in DNS and in both hosts files, with the site's plan: most likely they are swapped."
}

conclusion "gateway_asks_itself" {
  when = (
    anytrue([for a in concat(vantage.gateway.fact.own_listeners.own_addresses, ["127.0.1.1"]) : sameip(a, vantage.gateway.check.smtp.result.address)])
    && !anytrue([for a in concat(vantage.host.fact.own_listeners.own_addresses, ["127.0.1.1"]) : sameip(a, vantage.host.check.smtp.result.address)])
  )
  explain = "The gateway asks itself: the name of the mail host leads it to ${vantage.gateway.check.smtp.result.address}, which is its own address. What the mail step says there is about the gateway's own service, not about the mail host."
  remedy  = "Compare mail_host of the gateway's vantage, the name's entry in DNS and in the gateway's hosts file with the site's plan."
}

conclusion "host_asks_itself" {
  when = (
    anytrue([for a in concat(vantage.host.fact.own_listeners.own_addresses, ["127.0.1.1"]) : sameip(a, vantage.host.check.smtp.result.address)])
    && !anytrue([for a in concat(vantage.gateway.fact.own_listeners.own_addresses, ["127.0.1.1"]) : sameip(a, vantage.gateway.check.smtp.result.address)])
  )
  explain = "The mail host asks itself: the name of the gateway leads it to ${vantage.host.check.smtp.result.address}, which is its own address. What the mail step says there is about the host's own service, not about the gateway."
  remedy  = "Compare mail_host of the host's vantage, the name's entry in DNS and in the host's hosts file with the site's plan."
}

conclusion "both_ask_one_server" {
  when = (
    vantage.gateway.check.smtp.result.greeting != null
    && vantage.gateway.check.smtp.result.greeting == vantage.host.check.smtp.result.greeting
    && sameip(vantage.gateway.check.smtp.result.address, vantage.host.check.smtp.result.address)
    && !anytrue([for a in concat(vantage.gateway.fact.own_listeners.own_addresses, vantage.host.fact.own_listeners.own_addresses) : sameip(a, vantage.host.check.smtp.result.address)])
  )
  explain = "Both ends reach one and the same mail server, ${vantage.host.check.smtp.result.address}, which greets both with \"${vantage.host.check.smtp.result.greeting}\" and is neither of the two computers: what the mail step says is not about the line between them."
  remedy  = "Compare mail_host of both vantages and the names' entries in DNS with the site's plan. If a relay or a carrier's filter stands there on purpose, look from the two ends to it, each as a site of its own."
}

conclusion "one_way_out" {
  when = (
    anytrue([for a in vantage.host.fact.own_listeners.own_addresses : try(sameip(a, vantage.gateway.var.remote_host), false)])
    && anytrue([for a in vantage.gateway.fact.own_listeners.own_addresses : try(sameip(a, vantage.host.var.remote_host), false)])
    && ((
      (try(contains(["no_route_to_remote", "path_prohibited", "routing_loop", "no_default_route", "local_route_blocks", "local_filter"], vantage.gateway.check.remote_subnet.cause), false)
      || try(contains(["no_default_route", "gateway_address_wrong"], vantage.gateway.check.default_gateway.cause), false))
      && try(contains(["path_broken", "gateway_not_forwarding"], vantage.host.check.remote_subnet.cause), false)
      ) || (
      # What one end begins is answered, what the other begins is not.
      vantage.gateway.check.remote_subnet.status == "fail" && vantage.host.check.remote_subnet.passed
      && (vantage.gateway.check.remote_subnet.cause == null
      || try(contains(["path_broken", "gateway_not_forwarding", "no_route_to_remote", "path_prohibited", "routing_loop", "remote_host_down"], vantage.gateway.check.remote_subnet.cause), false))
      && abs(vantage.gateway.check.remote_subnet.started_ms - vantage.host.check.remote_subnet.started_ms) <= 5000
    ))
  )
  explain = "Only the way out is broken, from the mail gateway to the mail host${vantage.host.check.remote_subnet.passed ? ", and only for what the gateway begins: the host's own pings are answered, so that packets do get through both ways." : ". Nothing speaks against the way back: the host's own pings fail for want of answers, which would have to take the way out."}"
  remedy  = "Put right what the gateway's side names below, then look from both ends again. If the host's side passes, look for a firewall that lets only the host begin."
}

conclusion "one_way_back" {
  when = (
    anytrue([for a in vantage.host.fact.own_listeners.own_addresses : try(sameip(a, vantage.gateway.var.remote_host), false)])
    && anytrue([for a in vantage.gateway.fact.own_listeners.own_addresses : try(sameip(a, vantage.host.var.remote_host), false)])
    && ((
      (try(contains(["no_route_to_remote", "path_prohibited", "routing_loop", "no_default_route", "local_route_blocks", "local_filter"], vantage.host.check.remote_subnet.cause), false)
      || try(contains(["no_default_route", "gateway_address_wrong"], vantage.host.check.default_gateway.cause), false))
      && try(contains(["path_broken", "gateway_not_forwarding"], vantage.gateway.check.remote_subnet.cause), false)
      ) || (
      vantage.host.check.remote_subnet.status == "fail" && vantage.gateway.check.remote_subnet.passed
      && (vantage.host.check.remote_subnet.cause == null
      || try(contains(["path_broken", "gateway_not_forwarding", "no_route_to_remote", "path_prohibited", "routing_loop", "remote_host_down"], vantage.host.check.remote_subnet.cause), false))
      && abs(vantage.gateway.check.remote_subnet.started_ms - vantage.host.check.remote_subnet.started_ms) <= 5000
    ))
  )
  explain = "Only the way back is broken, from the mail host to the mail gateway${vantage.gateway.check.remote_subnet.passed ? ", and only for what the host begins: the gateway's own pings are answered, so that packets do get through both ways." : ". Nothing speaks against the way out: the gateway's own pings fail for want of answers, which would have to take the way back."}"
  remedy  = "Put right what the host's side names below: often the host, or a router, lacks the route back to the gateway's subnet. Then look from both ends again. If the gateway's side passes, look for a firewall that lets only the gateway begin."
}

conclusion "ends_looked_apart" {
  when = (
    anytrue([for a in vantage.host.fact.own_listeners.own_addresses : try(sameip(a, vantage.gateway.var.remote_host), false)])
    && anytrue([for a in vantage.gateway.fact.own_listeners.own_addresses : try(sameip(a, vantage.host.var.remote_host), false)])
    && abs(vantage.gateway.check.remote_subnet.started_ms - vantage.host.check.remote_subnet.started_ms) > 5000
    && ((vantage.gateway.check.remote_subnet.status == "fail" && vantage.host.check.remote_subnet.passed)
    || (vantage.host.check.remote_subnet.status == "fail" && vantage.gateway.check.remote_subnet.passed))
  )
  explain = "One end found the line broken and the other found it whole, but they looked ${abs(vantage.gateway.check.remote_subnet.started_ms - vantage.host.check.remote_subnet.started_ms)} ms apart: either only one direction is broken, or the whole line was down for a while."
  remedy  = "Look from both ends again. If it comes out the same, look for what differs by direction; if it does not, look for what took the line down."
}

conclusion "both_ways_broken_at_same_hop" {
  when = (
    anytrue([for a in vantage.host.fact.own_listeners.own_addresses : try(sameip(a, vantage.gateway.var.remote_host), false)])
    && anytrue([for a in vantage.gateway.fact.own_listeners.own_addresses : try(sameip(a, vantage.host.var.remote_host), false)])
    && try(contains(["no_route_to_remote", "path_prohibited", "routing_loop", "remote_host_down"], vantage.gateway.check.remote_subnet.cause), false)
    && try(contains(["no_route_to_remote", "path_prohibited", "routing_loop", "remote_host_down"], vantage.host.check.remote_subnet.cause), false)
  )
  explain = "Both ways are broken, while each end reaches its own router: the gateway and the host are both told that packets to the other can't be sent on. One fault may explain both: a link or router between the two that report it is down. Two routers that were set up wrongly look the same."
  remedy  = "Look at the stretch between the router that the gateway's side names below and the one that the host's side names, before looking at either end. If it is well, put right what each of the two routers reports."
}

conclusion "two_faults" {
  # What an end does to itself, the other end or a router between can't mend.
  when = (
    (try(contains(["no_default_route", "local_route_blocks", "local_filter"], vantage.gateway.check.remote_subnet.cause), false)
    || try(contains(["no_default_route", "gateway_address_wrong"], vantage.gateway.check.default_gateway.cause), false))
    && (try(contains(["no_default_route", "local_route_blocks", "local_filter"], vantage.host.check.remote_subnet.cause), false)
    || try(contains(["no_default_route", "gateway_address_wrong"], vantage.host.check.default_gateway.cause), false))
    ) || (
    try(contains(["no_default_route", "local_route_blocks", "local_filter"], vantage.gateway.check.remote_subnet.cause), false)
    && try(contains(["no_route_to_remote", "path_prohibited", "routing_loop", "remote_host_down"], vantage.host.check.remote_subnet.cause), false)
    ) || (
    try(contains(["no_default_route", "local_route_blocks", "local_filter"], vantage.host.check.remote_subnet.cause), false)
    && try(contains(["no_route_to_remote", "path_prohibited", "routing_loop", "remote_host_down"], vantage.gateway.check.remote_subnet.cause), false)
  )
  explain = "There are two faults: at least one of the two computers itself keeps its packets to the other side in or sends them wrongly, and that does not explain what the other end is told. Mending one of them leaves the other."
  remedy  = "Put right what each side names below, then look from both ends again."
}

conclusion "line_broken_between" {
  # An answer needs both ways, so that silence at both ends may be one way's. Of
  # two ends that look at once a router may answer one only, or hear of the dead
  # link in time for one only.
  when = (
    anytrue([for a in vantage.host.fact.own_listeners.own_addresses : try(sameip(a, vantage.gateway.var.remote_host), false)])
    && anytrue([for a in vantage.gateway.fact.own_listeners.own_addresses : try(sameip(a, vantage.host.var.remote_host), false)])
    && (
      (try(contains(["path_broken", "gateway_not_forwarding"], vantage.gateway.check.remote_subnet.cause), false)
      && try(contains(["path_broken", "gateway_not_forwarding", "remote_host_down"], vantage.host.check.remote_subnet.cause), false))
      || (try(contains(["path_broken", "gateway_not_forwarding"], vantage.host.check.remote_subnet.cause), false)
      && vantage.gateway.check.remote_subnet.cause == "remote_host_down")
    )
  )
  explain = "Neither end gets an answer from the other, while each reaches its own router. ${vantage.gateway.check.remote_subnet.cause == "remote_host_down" || vantage.host.check.remote_subnet.cause == "remote_host_down" ? "The ${vantage.gateway.check.remote_subnet.cause == "remote_host_down" ? "gateway" : "host"} alone is told that the other can't be reached: most likely the link behind the router that reports it is dead" : "No router says why. One fault is enough for that, even in one direction only: it lies between the last router that answers the gateway and the last that answers the host, or in the firewall of one of the two computers"}."
  remedy  = "Look at the stretch where the two findings below meet. To learn the direction, look from one end at a time, a minute apart (--from gateway here, --from host there): routers report few errors, and two ends that look at once take them from one another."
}

conclusion "mtu_narrow_between" {
  when    = vantage.gateway.check.path_mtu.cause == "mtu_black_hole" && vantage.host.check.path_mtu.cause == "mtu_black_hole"
  explain = "Both ends lose large packets. ${vantage.gateway.check.path_mtu.result.direction != null && vantage.host.check.path_mtu.result.direction != null ? (vantage.gateway.check.path_mtu.result.direction == vantage.host.check.path_mtu.result.direction ? "Each direction loses them" : "Both find them lost in the same direction, from ${vantage.gateway.check.path_mtu.result.direction == "out" ? "the gateway to the host" : "the host to the gateway"}") : "Where an answer is as large as its question, a path that is narrow in one direction only looks like this from both ends"}.${vantage.gateway.check.path_mtu.result.direction == "back" || vantage.gateway.check.path_mtu.result.mtu == null ? "" : " From the gateway packets of up to ${vantage.gateway.check.path_mtu.result.mtu} bytes get through."}${vantage.host.check.path_mtu.result.direction == "back" || vantage.host.check.path_mtu.result.mtu == null ? "" : " From the host packets of up to ${vantage.host.check.path_mtu.result.mtu} bytes get through."}"
  remedy  = "Look for one narrow link or one filter of \"too big\" messages between the two ends before changing anything at either of them."
}

# Why the gateway refuses the host. The gateway computer itself is looked at where
# it is a vantage; without that its service may run all the same.

conclusion "gateway_not_running" {
  when = vantage.host.check.smtp.cause == "smtp_refused" && (
    !vantage.gateway.complete ? true
    : anytrue([for a in vantage.gateway.fact.own_listeners.own_addresses : sameip(a, vantage.host.check.smtp.result.address)]) && (
      vantage.gateway.fact.own_listeners.shown
      ? !anytrue([for l in vantage.gateway.fact.own_listeners.listeners : l.port == vantage.host.var.smtp_port || contains([25, 465, 587, 2525], l.port)]) && !vantage.gateway.fact.own_service.connected
      : vantage.gateway.fact.own_service.refused && sameip(vantage.gateway.fact.own_service.address, vantage.host.check.smtp.result.address) && vantage.gateway.var.smtp_port == vantage.host.var.smtp_port
    )
  )
  explain = !vantage.gateway.complete ? "${vantage.host.check.smtp.result.address} refuses the host's connection. Most likely the mail gateway is not running; but the gateway itself was not looked at to the end, and its service may listen elsewhere, or somebody on the way may refuse in its name." : vantage.gateway.fact.own_listeners.shown ? "The mail gateway is not running: nothing on its computer listens on port ${vantage.host.var.smtp_port}, neither at ${vantage.host.check.smtp.result.address}, where the host is refused, nor anywhere else. The network is not at fault." : "The gateway's own computer is refused at ${vantage.host.check.smtp.result.address} port ${vantage.host.var.smtp_port} as well: most likely the mail gateway is not running there, or it listens elsewhere. The network is not at fault."
  remedy  = vantage.gateway.complete ? "Start the mail gateway's service. If it runs, it listens on another port or address (ss -ltn): compare its configuration with smtp_port of the host's vantage. Until then the way down to it can't be tested any further." : "Look whether the mail gateway's service runs, on which address and port (ss -ltn), and start it if it does not. Look from the gateway as well to have it told apart."
}

conclusion "gateway_listens_elsewhere" {
  when = vantage.host.check.smtp.cause == "smtp_refused" && (
    anytrue([for a in vantage.gateway.fact.own_listeners.own_addresses : sameip(a, vantage.host.check.smtp.result.address)])
    && (vantage.gateway.fact.own_service.connected
    || anytrue([for l in vantage.gateway.fact.own_listeners.listeners : l.port == vantage.host.var.smtp_port || contains([25, 465, 587, 2525], l.port)]))
    && !anytrue([for l in vantage.gateway.fact.own_listeners.listeners : l.port == vantage.host.var.smtp_port && (sameip(l.address, vantage.host.check.smtp.result.address) || l.address == (strcontains(vantage.host.check.smtp.result.address, ":") ? "::" : "0.0.0.0"))])
    && !(vantage.gateway.fact.own_service.connected && sameip(vantage.gateway.fact.own_service.address, vantage.host.check.smtp.result.address))
  )
  explain = "The host is refused by the gateway computer itself, since nothing there listens at ${vantage.host.check.smtp.result.address} port ${vantage.host.var.smtp_port}. A service does listen elsewhere on it: ${join(", ", distinct(concat([for l in vantage.gateway.fact.own_listeners.listeners : "${l.address} port ${l.port}" if l.port == vantage.host.var.smtp_port || contains([25, 465, 587, 2525], l.port)], vantage.gateway.fact.own_service.connected ? ["${vantage.gateway.fact.own_service.address} port ${vantage.gateway.var.smtp_port}"] : [])))}. The network is not at fault."
  remedy  = "Have the mail gateway listen at ${vantage.host.check.smtp.result.address} port ${vantage.host.var.smtp_port} (in Postfix inet_interfaces, inet_protocols and master.cf), or correct the name and smtp_port of the host's vantage."
}

conclusion "gateway_refused_on_the_way" {
  when = vantage.host.check.smtp.result.icmp.code == null && try(contains(["smtp_refused", "smtp_reset_on_the_way"], vantage.host.check.smtp.cause), false) && (
    anytrue([for a in vantage.gateway.fact.own_listeners.own_addresses : sameip(a, vantage.host.check.smtp.result.address)])
    && (
      anytrue([for l in vantage.gateway.fact.own_listeners.listeners : l.port == vantage.host.var.smtp_port && (sameip(l.address, vantage.host.check.smtp.result.address) || l.address == (strcontains(vantage.host.check.smtp.result.address, ":") ? "::" : "0.0.0.0"))])
      || (vantage.gateway.fact.own_service.connected && sameip(vantage.gateway.fact.own_service.address, vantage.host.check.smtp.result.address) && vantage.gateway.var.smtp_port == vantage.host.var.smtp_port)
    )
  )
  explain = "The mail gateway takes connections at ${vantage.host.check.smtp.result.address} port ${vantage.host.var.smtp_port}, as its own computer shows, yet the host's are refused. A firewall or a redirect answers in its name, on the way or on one of the two computers; or another computer has taken that address."
  remedy  = "Look for a rule that rejects with a reset or redirects (on both computers: nft list ruleset), in the direction from the host to the gateway, and let the mail port through. Look again first: the service may have started a moment after it was tried."
}

conclusion "gateway_refused_elsewhere" {
  when = vantage.host.check.smtp.cause == "smtp_refused" && (
    !anytrue([for a in vantage.gateway.fact.own_listeners.own_addresses : sameip(a, vantage.host.check.smtp.result.address)])
    && !anytrue([for a in concat(vantage.host.fact.own_listeners.own_addresses, ["127.0.1.1"]) : sameip(a, vantage.host.check.smtp.result.address)])
  )
  explain = "The host is refused at ${vantage.host.check.smtp.result.address}, which is no address of the gateway computer: either the gateway's name leads to another computer, or that is a router which does not pass port ${vantage.host.var.smtp_port} on to the gateway, or the gateway does not take what is passed on."
  remedy  = "Compare the address with the site's plan. If it is another computer, correct the name's entry in DNS or the hosts file. If it is the router in front of the gateway, look at its port forwarding, then whether the gateway's service runs."
}

# The same for the mail host; that its service is not running, the gateway's side
# says already.

conclusion "host_listens_elsewhere" {
  when = vantage.gateway.check.smtp.cause == "smtp_refused" && (
    anytrue([for a in vantage.host.fact.own_listeners.own_addresses : sameip(a, vantage.gateway.check.smtp.result.address)])
    && anytrue([for l in vantage.host.fact.own_listeners.listeners : l.port == vantage.gateway.var.smtp_port])
    && !anytrue([for l in vantage.host.fact.own_listeners.listeners : l.port == vantage.gateway.var.smtp_port && (sameip(l.address, vantage.gateway.check.smtp.result.address) || l.address == (strcontains(vantage.gateway.check.smtp.result.address, ":") ? "::" : "0.0.0.0"))])
  )
  explain = "The gateway is refused by the mail host itself, since nothing there listens at ${vantage.gateway.check.smtp.result.address} port ${vantage.gateway.var.smtp_port}. A service does listen elsewhere on it: ${join(", ", [for l in vantage.host.fact.own_listeners.listeners : l.address if l.port == vantage.gateway.var.smtp_port])}. The network is not at fault."
  remedy  = "Have the mail host listen at ${vantage.gateway.check.smtp.result.address} (in Postfix inet_interfaces and inet_protocols), or correct its name."
}

conclusion "host_refused_on_the_way" {
  when = vantage.gateway.check.smtp.result.icmp.code == null && try(contains(["smtp_refused", "smtp_reset_on_the_way"], vantage.gateway.check.smtp.cause), false) && (
    anytrue([for a in vantage.host.fact.own_listeners.own_addresses : sameip(a, vantage.gateway.check.smtp.result.address)])
    && anytrue([for l in vantage.host.fact.own_listeners.listeners : l.port == vantage.gateway.var.smtp_port && (sameip(l.address, vantage.gateway.check.smtp.result.address) || l.address == (strcontains(vantage.gateway.check.smtp.result.address, ":") ? "::" : "0.0.0.0"))])
  )
  explain = "The mail host takes connections at ${vantage.gateway.check.smtp.result.address} port ${vantage.gateway.var.smtp_port}, as its own computer shows, yet the gateway's are refused. A firewall or a redirect answers in its name, on the way or on one of the two computers; or another computer has taken that address."
  remedy  = "Look for a rule that rejects with a reset or redirects (on both computers: nft list ruleset), in the direction from the gateway to the host, and let the mail port through. Look again first: the service may have started a moment after it was tried."
}

conclusion "host_service_hangs" {
  when    = vantage.gateway.check.smtp.cause == "smtp_filtered" && vantage.host.fact.own_service.timed_out && sameip(vantage.host.fact.own_service.address, vantage.gateway.check.smtp.result.address) && vantage.gateway.var.smtp_port == vantage.host.var.smtp_port
  explain = "Connections to ${vantage.gateway.check.smtp.result.address} port ${vantage.gateway.var.smtp_port} vanish for the gateway, and the mail host's own computer gets no answer there either: the mail host's service takes no more connections (it hangs, and its queue of them is full), or the firewall on that computer drops them."
  remedy  = "On the mail host, look at the mail service (ss -ltn: Recv-Q above Send-Q means that nobody takes the connections) and at the local firewall (nft list ruleset)."
}

conclusion "gateway_service_hangs" {
  when    = vantage.host.check.smtp.cause == "smtp_filtered" && vantage.gateway.fact.own_service.timed_out && sameip(vantage.gateway.fact.own_service.address, vantage.host.check.smtp.result.address) && vantage.gateway.var.smtp_port == vantage.host.var.smtp_port
  explain = "Connections to ${vantage.host.check.smtp.result.address} port ${vantage.host.var.smtp_port} vanish for the host, and the mail gateway's own computer gets no answer there either: the mail gateway's service takes no more connections (it hangs, and its queue of them is full), or the firewall on that computer drops them."
  remedy  = "On the mail gateway, look at the mail service (ss -ltn: Recv-Q above Send-Q means that nobody takes the connections) and at the local firewall (nft list ruleset)."
}

conclusion "only_mail_blocked" {
  # Where packets are lost, connections vanish as well.
  when = (
    vantage.gateway.check.remote_subnet.passed && vantage.host.check.remote_subnet.passed
    && vantage.gateway.check.remote_subnet.cause != "packet_loss" && vantage.host.check.remote_subnet.cause != "packet_loss"
    && (
      (
        try(contains(["smtp_filtered", "smtp_prohibited"], vantage.gateway.check.smtp.cause), false)
        && (try(sameip(vantage.gateway.check.smtp.result.address, vantage.gateway.var.remote_host), false) || anytrue([for a in vantage.host.fact.own_listeners.own_addresses : sameip(a, vantage.gateway.check.smtp.result.address)]))
        && !(vantage.host.complete && vantage.host.fact.own_service.timed_out && sameip(vantage.host.fact.own_service.address, vantage.gateway.check.smtp.result.address) && vantage.gateway.var.smtp_port == vantage.host.var.smtp_port)
        ) || (
        try(contains(["smtp_filtered", "smtp_prohibited"], vantage.host.check.smtp.cause), false)
        && (try(sameip(vantage.host.check.smtp.result.address, vantage.host.var.remote_host), false) || anytrue([for a in vantage.gateway.fact.own_listeners.own_addresses : sameip(a, vantage.host.check.smtp.result.address)]))
        && !(vantage.gateway.complete && vantage.gateway.fact.own_service.timed_out && sameip(vantage.gateway.fact.own_service.address, vantage.host.check.smtp.result.address) && vantage.gateway.var.smtp_port == vantage.host.var.smtp_port)
      )
    )
  )
  explain = "The line between the two ends works, and only mail is kept off it: a firewall, on the way or on one of the two computers, or the carrier drops or refuses the mail port. ${vantage.gateway.complete && vantage.host.complete ? "From the gateway the mail step ${ { pass = "works", warn = "works with a warning", fail = "fails", error = "could not be tried", blocked = "was not looked at", skipped = "was not looked at" }[vantage.gateway.check.smtp.status]}, from the host it ${ { pass = "works", warn = "works with a warning", fail = "fails", error = "could not be tried", blocked = "was not looked at", skipped = "was not looked at" }[vantage.host.check.smtp.status]}." : "One of the two ends was not looked from to the end, so that the other direction is not known."}"
  remedy  = "Ask whoever runs the firewalls between, and the carrier, to open the mail port in the direction that fails."
}
