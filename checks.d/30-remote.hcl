fact "remote_neighbour" {
  target = fact.way_out.on_link ? var.remote_host : null
  probe "neighbour" {}
}

fact "remote_again" {
  target = check.remote_subnet.result.received < check.remote_subnet.result.sent ? var.remote_host : null
  probe "ping" {
    count    = 20
    interval = "100ms"
    # A router gives a silent host up after 3 s and says so only then.
    packet_timeout = "2s"
  }
}

fact "remote_trace" {
  target = var.remote_host
  probe "trace" {}
}

fact "remote_tcp" {
  target  = var.remote_host
  timeout = "4s"
  probe "tcp" { port = var.smtp_port }
}

check "remote_subnet" {
  title       = "A host on the remote subnet answers"
  description = "A ping that has to cross the router and everything behind it, and come back."
  layer       = "ip"
  depends_on  = [check.default_gateway]
  target      = var.remote_host

  probe "ping" { count = 3 }

  pass    = result.received > 0 && fact.way_out.kind != "local"
  warn    = fact.remote_again.loss_pct >= 5 || (var.max_rtt_ms != null && result.rtt_avg_ms > var.max_rtt_ms) || (fact.way_out.on_link && fact.remote_neighbour.mac != null && fact.remote_neighbour.mac == fact.gateway_neighbour.mac && !sameip(target, var.default_gateway))
  explain = "${target} does not answer. Most likely the remote side has the problem: this computer and its gateway do their part."
  remedy  = "Ask the remote site whether ${target} is up and whether its router has a route back to this subnet."

  cause "local_filter" {
    when    = result.local_error == "filtered"
    explain = "This computer's own firewall does not let pings to ${target} out."
    remedy  = "Look for an outgoing rule that drops them (nft list ruleset). The network is not to blame."
  }
  cause "remote_host_is_this_computer" {
    when    = fact.way_out.kind == "local"
    explain = "${target} is this computer's own address: a ping to it says nothing about the way out."
    remedy  = "Name a computer behind the router as remote_host in the profile."
  }
  cause "local_route_blocks" {
    when    = fact.way_out.found && contains(local.refusing, fact.way_out.kind)
    explain = "This computer's own routing table holds a \"${fact.way_out.kind}\" entry for ${fact.way_out.prefix}: it refuses to send to ${target}."
    remedy  = "Find out who set the entry, then delete it: ip route del ${fact.way_out.kind} ${fact.way_out.prefix}."
  }
  cause "no_default_route" {
    when    = !fact.way_out.found
    explain = "This computer has no route to ${target}: neither a default route nor one of its own."
    remedy  = "Set the default route to this subnet's router, in the network service's configuration as well."
  }
  cause "subnet_mask_too_wide" {
    when = fact.way_out.on_link && (result.received > 0 ? fact.remote_neighbour.mac == fact.gateway_neighbour.mac : !fact.remote_neighbour.reachable)
    # A router that answers in the other's name (proxy ARP) hides the mistake.
    severity = result.received > 0 ? "warn" : "fail"
    explain  = "This computer takes ${target} for a neighbour on its own subnet (${fact.way_out.prefix}) and looks for it on its own cable. ${result.received > 0 ? "The router answers in its place (proxy ARP, hardware address ${fact.remote_neighbour.mac}), which hides that the subnet mask is too wide." : "Nobody answers there: the subnet mask is too wide; or, if ${target} does belong to this subnet, it is switched off."}"
    remedy   = "Compare this computer's mask (ip address) with the site's plan and correct it."
  }
  cause "path_filters_ping" {
    when     = result.received == 0 && (fact.remote_tcp.connected || (fact.remote_tcp.refused && fact.remote_tcp.icmp.code == null))
    severity = "warn"
    explain  = "${target} can be reached by TCP (port ${var.smtp_port}), but pings to it or their answers are filtered on the way or by itself."
    remedy   = "Nothing has to be done for mail. Ask for echo requests to be let through, to be rid of this warning."
  }
  cause "packet_loss" {
    when     = fact.remote_again.received > 0 && fact.remote_again.loss_pct >= 5
    severity = "warn"
    explain  = "Of ${fact.remote_again.sent} pings to ${target}, ${fact.remote_again.loss_pct} % were lost on the way. Mail will be slow or break off."
    remedy   = "Trace the path at a busy hour to find the hop where the loss begins (${fact.remote_trace.last_sender} was the last to answer), and have that link looked at."
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
    when    = fact.remote_trace.loop
    explain = "Packets to ${target} go round in a circle: the same router answers at several distances (last ${fact.remote_trace.last_sender})."
    remedy  = "Tell whoever runs ${fact.remote_trace.last_sender} that it and its neighbour send packets for ${target} to one another: one of them has a wrong route."
  }
  cause "path_prohibited" {
    when    = result.icmp.name == "admin_prohibited" || fact.remote_again.icmp.name == "admin_prohibited" || fact.remote_trace.icmp.name == "admin_prohibited"
    explain = "${try(coalesce(result.icmp.sender, fact.remote_again.icmp.sender, fact.remote_trace.icmp.sender), null)} refuses to let packets to ${target} through: a filter there says \"administratively prohibited\"."
    remedy  = "Ask whoever runs that router to let this computer reach ${target}."
  }
  cause "no_route_to_remote" {
    when    = result.icmp.name == "net_unreachable" || fact.remote_again.icmp.name == "net_unreachable" || fact.remote_trace.icmp.name == "net_unreachable"
    explain = "The router ${try(coalesce(result.icmp.sender, fact.remote_again.icmp.sender, fact.remote_trace.icmp.sender), null)} has no route to ${target}."
    remedy  = "Ask whoever runs that router to set the route to the subnet of ${target}; if it is your own gateway, compare its routing table with the plan."
  }
  cause "remote_host_down" {
    when    = result.icmp.name == "host_unreachable" || fact.remote_again.icmp.name == "host_unreachable" || fact.remote_trace.icmp.name == "host_unreachable"
    explain = "The way to the remote subnet works up to ${try(coalesce(result.icmp.sender, fact.remote_again.icmp.sender, fact.remote_trace.icmp.sender), null)}, which reports that ${target} does not answer: it is switched off or unplugged, or the link behind that router is dead."
    remedy  = "Ask the remote site whether ${target} is on and plugged in, and whether the router that reports it sees it."
  }
  cause "gateway_not_forwarding" {
    when    = fact.remote_trace.silent_after == 0
    explain = "The gateway answers pings but nothing behind it is ever heard of: it does not forward packets to ${target}, or its own next link is dead."
    remedy  = "Look at the gateway: is routing (IP forwarding) switched on, does its firewall let forwarded packets through, is its outer link up?"
  }
  cause "path_broken" {
    when    = !fact.remote_trace.reached
    explain = "The way to ${target} is silent behind hop ${fact.remote_trace.silent_after} (${fact.remote_trace.last_sender}): beyond it packets are lost, or the answers find no way back."
    remedy  = "Tell whoever runs ${fact.remote_trace.last_sender} that packets to ${target} are lost behind it. Have the remote site check its route back to this subnet."
  }
}

check "path_mtu" {
  title       = "Large packets get through"
  description = "Small packets that pass while large ones vanish without a word make mail hang in the middle of a message."
  layer       = "ip"
  depends_on  = [check.remote_subnet]
  target      = var.remote_host
  when        = check.remote_subnet.result.received > 0

  probe "mtu" {}

  pass    = result.black_hole != true
  explain = "Packets of more than ${result.mtu} bytes to ${target} vanish."
  remedy  = "Lower the MTU of this computer's adapter to ${result.mtu} until the path is mended."

  cause "mtu_black_hole" {
    # linecheck:never-false result.black_hole: else the check had passed
    when    = result.black_hole
    explain = "Packets of up to ${result.mtu} bytes reach ${target}; larger ones vanish without the \"too big\" message that would make this computer send smaller ones. Mail connects, then hangs."
    remedy  = "Find the filter that drops ICMP \"fragmentation needed\" on the way and open it. Until then set the adapter's MTU to ${result.mtu}."
  }
}
