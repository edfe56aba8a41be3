fact "remote_neighbour" {
  target = fact.way_out.on_link ? var.remote_host : null
  probe "neighbour" {}
}

# The adapter that packets to the remote host leave by.
fact "way_out_link" {
  target = fact.way_out.interface
  probe "interface" {}
}

locals {
  # ICMP errors that turn packets away (RFC 792, RFC 4443): a filter's, and those
  # for which there is no other reason on the way. Names of the codes stand with
  # the kind ping.
  refusals = ["admin_prohibited", "port_unreachable", "protocol_unreachable", "unreachable", "parameter_problem"]
}

# So many that even where nine of ten are lost one will come back.
fact "remote_again" {
  target = check.remote_subnet.result.received < check.remote_subnet.result.sent ? var.remote_host : null
  probe "ping" {
    count    = 50
    interval = "40ms"
    # A router gives a silent host up after 3 s and says so only then.
    packet_timeout = "2s"
  }
}

# Whether a router has sent the pings elsewhere by then.
fact "way_redirected" {
  # linecheck:never-false check.remote_subnet.result.received == 0: else packet_loss holds
  target = check.remote_subnet.result.received == 0 ? var.remote_host : null
  probe "route" {}
}

fact "remote_trace" {
  target = var.remote_host
  probe "trace" {}
}

fact "remote_tcp" {
  target  = check.remote_subnet.result.received > 1 ? null : var.remote_host
  timeout = "4s"
  probe "tcp" { port = var.smtp_port }
}

# More than one, since a router that reports errors does so now and then.
fact "remote_attempt" {
  for_each = toset(["second", "third", "fourth"])
  target   = var.remote_host
  timeout  = "4s"
  probe "tcp" { port = var.smtp_port }
}

# Whether TCP suffers from heavy loss as well: a first packet that is lost is sent
# again a second later (RFC 6298).
fact "lossy_attempt" {
  for_each = toset(["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"])
  target   = check.remote_subnet.result.received < check.remote_subnet.result.sent && fact.remote_again.loss_pct >= 60 && (check.remote_subnet.result.received > 0 || fact.remote_again.received > 0) ? var.remote_host : null
  timeout  = "4s"
  probe "tcp" { port = var.smtp_port }
}

# Pings from other addresses of that adapter than the one that is chosen; from
# that one where it has no other.
fact "remote_from" {
  for_each = { first = 0, second = 1 }
  target   = var.remote_host
  probe "ping" {
    count  = 2
    source = try([for a in fact.way_out_link.addresses : a if strcontains(a, ":") == strcontains(coalesce(var.remote_host, ":"), ":") && a != fact.way_out.source][each.value], fact.way_out.source)
  }
}

check "remote_subnet" {
  title       = "A host on the remote subnet answers"
  description = "A ping that has to cross the router and everything behind it, and come back."
  layer       = "ip"
  depends_on  = [check.default_gateway]
  target      = var.remote_host

  probe "ping" { count = 3 }

  # One answer of three is looked at more closely, as none is.
  pass = result.received > 1 && fact.way_out.kind != "local"
  # What the gateway's step has told already is told here only where more is lost.
  warn    = fact.remote_again.loss_pct >= 5 + (check.default_gateway.status == "warn" && check.default_gateway.result.received < check.default_gateway.result.sent ? fact.gateway_again.loss_pct < 100 ? fact.gateway_again.loss_pct + 10 : 0 : 0) || (var.max_rtt_ms != null && result.rtt_avg_ms > var.max_rtt_ms) || (fact.way_out.on_link && fact.remote_neighbour.mac != null && fact.remote_neighbour.mac == fact.gateway_neighbour.mac && !sameip(target, var.default_gateway)) || result.duplicates >= 2
  explain = "${target} does not answer, and nothing on the way says why. Most likely the remote side has the problem."
  remedy  = "Ask the remote site whether ${target} is up and whether its router has a route back to this subnet."

  cause "local_filter" {
    when    = result.local_error == "filtered" || (result.received == 0 && result.icmp.sender != null && contains(["admin_prohibited", "port_unreachable", "protocol_unreachable"], result.icmp.name) && contains(fact.way_out_link.addresses, result.icmp.sender))
    explain = "This computer's own firewall does not let pings to ${target} out."
    remedy  = "Look for an outgoing rule that drops them (nft list ruleset; where IPsec is used, ip xfrm policy). The network is not to blame."
  }
  cause "remote_host_is_this_computer" {
    when    = fact.way_out.kind == "local"
    explain = "${target} is this computer's own address: a ping to it says nothing about the way out."
    remedy  = "Name a computer behind the router as remote_host in the profile."
  }
  cause "local_route_blocks" {
    when    = fact.way_out.found && contains(local.refusing, fact.way_out.kind)
    explain = "This computer's own routing table holds a \"${fact.way_out.kind}\" entry${fact.way_out.prefix == null ? " or a policy rule of that kind" : " for ${fact.way_out.prefix}"}: it refuses to send to ${target}."
    remedy  = "Find out who set it, then delete it: ${fact.way_out.prefix == null ? "ip rule and ip route show table all list both kinds" : "ip route del ${fact.way_out.kind} ${fact.way_out.prefix}"}."
  }
  cause "no_default_route" {
    when    = !fact.way_out.found
    explain = "This computer has no route to ${target}: neither a default route nor one of its own."
    remedy  = "Set the default route to this subnet's router, in the network service's configuration as well."
  }
  cause "local_route_shadows" {
    when    = fact.way_out.on_link && result.received == 0 && !fact.way_out_link.point_to_point && !fact.remote_neighbour.reachable && (fact.way_out.interface != check.adapter.result.name || !anytrue([for a in fact.way_out_link.addresses : try(cidrcontains(fact.way_out.prefix, a), false)]))
    explain = "An entry of this computer's own routing table (${fact.way_out.prefix}, adapter ${fact.way_out.interface}) takes ${target} for a host right behind that adapter, and nobody answers there. The entry hides the way through the router: a network of containers or another adapter uses the same addresses, or the entry was set by mistake."
    remedy  = "Look what ${fact.way_out.prefix} on ${fact.way_out.interface} is for (ip route; ip address show ${fact.way_out.interface}). Give that network other addresses, or delete the entry; or set a route to ${target} through this subnet's router."
  }
  cause "subnet_mask_too_wide" {
    when = fact.way_out.on_link && !fact.way_out_link.point_to_point && (result.received > 0 ? fact.remote_neighbour.mac != null && fact.remote_neighbour.mac == fact.gateway_neighbour.mac && !sameip(target, var.default_gateway) : !fact.remote_neighbour.reachable && (var.default_gateway != null || fact.default_route.found))
    # A router that answers in the other's name (proxy ARP) hides the mistake.
    severity = result.received > 0 ? "warn" : "fail"
    explain  = "This computer takes ${target} for a neighbour on its own subnet (${fact.way_out.prefix}) and looks for it on its own cable. ${result.received > 0 ? "The router answers in its place (proxy ARP, hardware address ${fact.remote_neighbour.mac}), which hides that the subnet mask is too wide." : "Nobody answers there: the subnet mask is too wide; or, if ${target} does belong to this subnet, it is switched off."}"
    remedy   = "Compare this computer's mask (ip address) with the site's plan and correct it.${result.received > 0 ? "" : " If ${target} does belong to this subnet, look whether it is on."}"
  }
  cause "packet_loss" {
    when = result.received > 1 ? fact.remote_again.loss_pct >= 5 : result.received > 0 || fact.remote_again.received > 0
    # Where TCP suffers from heavy loss as well, no later step could be judged.
    severity = fact.remote_again.loss_pct < 60 ? "warn" : length([for a in values(fact.lossy_attempt) : a if !((a.connected || a.refused) && coalesce(a.connect_ms, 0) < 1000)]) >= (fact.remote_again.loss_pct < 80 ? 2 : 1) ? "fail" : "warn"
    explain  = "${fact.remote_again.loss_pct < 5 ? "The first pings to ${target} were lost (${result.sent - result.received} of ${result.sent}); of ${fact.remote_again.sent} more, a moment later, ${fact.remote_again.received} came back." : "Of ${fact.remote_again.sent} pings to ${target}, ${fact.remote_again.loss_pct} % were lost on the way."}${fact.remote_again.loss_pct < 60 ? fact.remote_again.loss_pct < 5 ? " If that happens often, mail breaks off." : " Mail will be slow or break off." : length([for a in values(fact.lossy_attempt) : a if !((a.connected || a.refused) && coalesce(a.connect_ms, 0) < 1000)]) > 0 ? " Connections to it suffer as well: hardly any mail will get through." : " Connections to it come about at once: if they always do, something limits pings alone, and mail is not affected."}"
    remedy   = "Trace the path at a busy hour to find the hop where the loss begins${fact.remote_trace.last_sender == null ? "" : " (${fact.remote_trace.last_sender} was the last to answer)"}, and have that link looked at."
  }
  cause "answered_by_another" {
    when     = result.received == 0 && result.strangers > 0 && (fact.remote_tcp.connected || fact.remote_tcp.refused)
    severity = "warn"
    explain  = "Pings to ${target} are answered from ${result.answered_by}: it has several addresses and answers from another one, or something between translates addresses in one direction only. By TCP ${target} itself answers."
    remedy   = "Look whether ${result.answered_by} is the same computer. Nothing has to be done for mail."
  }
  cause "duplicate_replies" {
    when     = result.duplicates >= 2
    severity = "warn"
    explain  = "Pings to ${target} are answered more than once (${result.duplicates} replies too many): packets are doubled somewhere on the way, by a loop below IP or a mirrored port, or two computers have its address."
    remedy   = "Look for a second computer with the address ${target}, and on the links between for a loop of cables or a mirrored port. TCP puts up with doubled packets, at the cost of speed."
  }
  cause "path_filters_ping" {
    # linecheck:never-false fact.remote_again.received == 0: else packet_loss holds
    when     = result.received == 0 && fact.remote_again.received == 0 && (fact.remote_tcp.connected || (fact.remote_tcp.refused && fact.remote_tcp.icmp.code == null))
    severity = "warn"
    explain  = "${target} can be reached by TCP (port ${var.smtp_port}${fact.remote_tcp.connected ? "" : ", which it refuses"}), but pings to it or their answers are filtered on the way or by itself: not one of ${result.sent + fact.remote_again.sent} came back."
    remedy   = "Mail needs no pings. Whether large packets get through ${fact.remote_tcp.connected ? "is tried by TCP in a later step, where the mail service greets" : "could not be tested, since it takes a mail service or pings"}. Ask for echo requests to be let through, to be rid of this warning, and see that the same filter lets ICMP errors pass: mail needs \"too big\"."
  }
  cause "source_address_wrong" {
    when    = (length(fact.way_out_link.addresses) > 1 && anytrue([for p in values(fact.remote_from) : p.received > 0])) || anytrue([for e in [result.icmp, fact.remote_again.icmp, fact.remote_trace.icmp] : strcontains(target, ":") && e.type == 1 && (e.code == 2 || e.code == 5)])
    explain = "This computer sends to ${target} from its address ${fact.way_out.source}, and nothing comes back. ${anytrue([for p in values(fact.remote_from) : p.received > 0]) ? "From another address of the same adapter pings are answered" : "A router says that it does not send on packets with that source address"}: the way is whole, and the address is the wrong one."
    remedy  = "Look why ${fact.way_out.source} is chosen (ip route get ${target}: a route with \"src\", or a second address of the adapter) and correct it; or have the remote site's routers and filters learn that address."
  }
  cause "local_reverse_path_filter" {
    when    = fact.remote_trace.reverse_path_drops != null && fact.remote_trace.reverse_path_drops >= 10
    explain = "Packets to ${target} leave by ${fact.way_out.interface}; while its answers were waited for, this computer itself dropped ${fact.remote_trace.reverse_path_drops} packets that came in by another adapter than its way to their sender (reverse path filter). Most likely they were the answers."
    remedy  = "Find out why they come in elsewhere (a second adapter, an address of another subnet, a route back that differs) and make both ways the same; or let this computer take them: sysctl net.ipv4.conf.all.rp_filter=2, and the adapter's own."
  }
  cause "tunnel_down" {
    when    = fact.way_out_link.point_to_point && fact.remote_trace.silent_after == 0
    explain = "Packets to ${target} leave by the tunnel ${fact.way_out.interface} (entry ${fact.way_out.prefix}), and nothing comes back from it, not even from a router behind it: the tunnel is down, or its other end does not send on."
    remedy  = "Look at the tunnel's own state and log on this computer, then at its other end. If ${target} is not meant to be reached through ${fact.way_out.interface}, delete that route."
  }
  cause "slow_path" {
    # linecheck:never-false var.max_rtt_ms != null: no other warning is left
    # linecheck:never-false result.rtt_avg_ms > var.max_rtt_ms: no other warning is left
    when     = result.received > 0 && var.max_rtt_ms != null && result.rtt_avg_ms > var.max_rtt_ms
    severity = "warn"
    explain  = "Answers from ${target} take ${result.rtt_avg_ms} ms on average; the site's limit is ${var.max_rtt_ms} ms."
    remedy   = "Look at the load of the lines between, or raise max_rtt_ms if this is what the line can do."
  }
  cause "routing_loop" {
    when    = fact.remote_trace.loop || result.icmp.name == "ttl_exceeded" || fact.remote_again.icmp.name == "ttl_exceeded"
    explain = "Packets to ${target} go round in a circle: ${fact.remote_trace.loop ? "the same router answers at several distances (last ${fact.remote_trace.last_sender})" : "they were sent on so often that their time ran out at ${result.icmp.name == "ttl_exceeded" ? result.icmp.sender : fact.remote_again.icmp.sender}"}."
    remedy  = "Tell whoever runs ${fact.remote_trace.loop ? fact.remote_trace.last_sender : result.icmp.name == "ttl_exceeded" ? result.icmp.sender : fact.remote_again.icmp.sender} that it and its neighbour send packets for ${target} to one another: one of them has a wrong route."
  }
  # What the host itself reports is its own firewall's word, whatever it says.
  cause "path_prohibited" {
    when    = anytrue([for e in [result.icmp, fact.remote_again.icmp, fact.remote_trace.icmp] : e.sender != null && !contains(fact.way_out_link.addresses, e.sender) && (contains(local.refusals, e.name) || (sameip(e.sender, target) && contains(["net_unreachable", "host_unreachable"], e.name)))])
    explain = "${try(coalesce(result.icmp.sender, fact.remote_again.icmp.sender, fact.remote_trace.icmp.sender), null)} refuses to let packets to ${target} through: it says \"${try(coalesce(result.icmp.name, fact.remote_again.icmp.name, fact.remote_trace.icmp.name), null)}\".${sameip(try(coalesce(result.icmp.sender, fact.remote_again.icmp.sender, fact.remote_trace.icmp.sender), null), target) ? " That is the host itself: it is up, and its own firewall keeps this computer out." : " A filter there turns them away."}"
    remedy  = "Ask whoever runs ${try(coalesce(result.icmp.sender, fact.remote_again.icmp.sender, fact.remote_trace.icmp.sender), null)} to let this computer reach ${target}."
  }
  cause "no_route_to_remote" {
    when    = anytrue([for e in concat([result.icmp, fact.remote_again.icmp, fact.remote_trace.icmp, fact.remote_tcp.icmp], values(fact.remote_attempt)[*].icmp, values(fact.remote_from)[*].icmp) : e.name == "net_unreachable" && !contains(fact.way_out_link.addresses, e.sender)])
    explain = "The router ${try(coalesce([for e in concat([result.icmp, fact.remote_again.icmp, fact.remote_trace.icmp, fact.remote_tcp.icmp], values(fact.remote_attempt)[*].icmp, values(fact.remote_from)[*].icmp) : e.name == "net_unreachable" ? e.sender : null]...), null)} has no route to ${target}, or a filter there says so."
    remedy  = "Ask whoever runs that router to set the route to the subnet of ${target}, or to let this computer's packets through; if it is your own gateway, compare its routing table with the plan."
  }
  cause "remote_host_down" {
    when    = anytrue([for e in concat([result.icmp, fact.remote_again.icmp, fact.remote_trace.icmp, fact.remote_tcp.icmp], values(fact.remote_attempt)[*].icmp, values(fact.remote_from)[*].icmp) : e.name == "host_unreachable" && !contains(fact.way_out_link.addresses, e.sender)]) || (fact.way_out.on_link && !fact.way_out_link.point_to_point && !fact.remote_neighbour.reachable)
    explain = fact.way_out.on_link && !fact.way_out_link.point_to_point ? "${target} counts as a neighbour on this computer's own subnet (${fact.way_out.prefix}), no router is known here, and nobody answers for its hardware address: it is switched off or unplugged." : "The way to the remote subnet works up to ${try(coalesce([for e in concat([result.icmp, fact.remote_again.icmp, fact.remote_trace.icmp, fact.remote_tcp.icmp], values(fact.remote_attempt)[*].icmp, values(fact.remote_from)[*].icmp) : e.name == "host_unreachable" ? e.sender : null]...), null)}, which reports that ${target} does not answer: it is switched off or unplugged, or the link behind that router is dead.${anytrue([for h in fact.remote_trace.hops : h.rtt_ms != null && h.icmp.name == "host_unreachable" && h.rtt_ms < 200]) ? " It said so at once, while a router that has to look for a host takes some 3 s: it may as well be a firewall that turns packets away in this way." : ""}"
    remedy  = "Ask the remote site whether ${target} is on and plugged in${fact.way_out.on_link && !fact.way_out_link.point_to_point ? "" : ", and whether the router that reports it sees it, or turns this computer's packets away"}."
  }
  cause "gateway_redirects" {
    when    = fact.way_redirected.redirected_to != null && !fact.remote_trace.reached
    explain = "The gateway ${fact.way_out.gateway} told this computer to send packets to ${target} through ${fact.way_redirected.redirected_to} instead (an ICMP redirect), and nothing comes back that way."
    remedy  = "Look at the gateway's route to ${target}: is ${fact.way_redirected.redirected_to} a router, is it on, and does it forward? Until then, ip route flush cache takes the redirect back."
  }
  cause "gateway_not_forwarding" {
    when    = fact.remote_trace.silent_after == 0 && !fact.way_out.on_link && check.default_gateway.result.received > 0
    explain = "The gateway ${fact.way_out.gateway} answers pings but nothing behind it is ever heard of: it does not forward packets to ${target}, or its own next link is dead; or neither it nor any router behind it reports what is lost; or this computer itself keeps the packets or their answers back, by its firewall or an IPsec policy."
    remedy  = "Look at this computer (nft list ruleset; ip xfrm policy), then at the gateway: is routing (IP forwarding) switched on, does its firewall let forwarded packets through, is its outer link up?"
  }
  cause "path_broken" {
    when    = !fact.remote_trace.reached && fact.remote_trace.silent_after != null
    explain = fact.way_out.on_link && !fact.way_out_link.point_to_point ? "${target} counts as a neighbour on ${fact.way_out.interface} and is there, but answers neither pings nor TCP: a firewall drops them or their answers, or its way back is another." : fact.remote_trace.silent_after == 0 ? "Nothing is heard of the way to ${target}, not even of its first router: packets are lost, or the answers find no way back, or a firewall, perhaps this computer's own, drops them; or ${target} itself is off or drops them, and no router reports it." : "The way to ${target} is silent behind hop ${fact.remote_trace.silent_after} (${fact.remote_trace.last_sender}): beyond it packets are lost, or the answers find no way back, or a firewall, perhaps this computer's own, drops them; or ${target} itself is off or drops them (a router that has heard of it a moment ago reports that only a minute later)."
    remedy  = fact.way_out.on_link && !fact.way_out_link.point_to_point ? "Look at the firewall of ${target}, and at its address and mask." : fact.remote_trace.silent_after == 0 ? "See nft list ruleset. Ask whoever runs the first router, ${fact.way_out.gateway}, whether packets to ${target} leave it. Have the remote site check whether ${target} is on." : "See nft list ruleset, then tell whoever runs ${fact.remote_trace.last_sender} that packets to ${target} are lost behind it. Have the remote site check whether ${target} is on, and its route back to this subnet."
  }
}
