# The way to the remote host, as this computer's tables have it.
fact "way_out" {
  target = var.remote_host
  probe "route" {}
}

locals {
  # Kinds of route that refuse to send (ip-route(8)).
  refusing = ["blackhole", "prohibit", "unreachable"]
}

fact "default_route" {
  probe "route" {}
}

fact "subnet_route" {
  target = var.subnet_host
  probe "route" {}
}

fact "subnet_neighbour" {
  target = var.subnet_host
  probe "neighbour" {}
}

fact "gateway_neighbour" {
  target = try(coalesce(var.default_gateway, fact.way_out.gateway, fact.default_route.gateway), null)
  probe "neighbour" {}
}

# Asked only when a first ping was lost: nobody is warned of a single loss.
fact "subnet_again" {
  target = check.local_subnet.result.received < check.local_subnet.result.sent ? var.subnet_host : null
  probe "ping" {
    count    = 20
    interval = "100ms"
  }
}

check "local_subnet" {
  title       = "A host on the same subnet answers"
  description = "A ping to a neighbour needs the adapter, the cable, the switch and the right subnet mask, but no router."
  layer       = "ip"
  depends_on  = [check.adapter]
  target      = var.subnet_host

  probe "ping" { count = 3 }

  pass    = result.received > 0 && fact.subnet_route.on_link && fact.subnet_route.kind != "local"
  warn    = fact.subnet_again.loss_pct >= 5
  explain = "${target} on this computer's own subnet does not answer."
  remedy  = "Compare the address with the site's plan, then look at that computer and at the switch between."

  cause "subnet_mask_wrong" {
    when    = !fact.subnet_route.found || (!fact.subnet_route.on_link && !contains(local.refusing, fact.subnet_route.kind))
    explain = "${target} should be on this computer's own subnet, but by its address and mask it is not: packets to it would go through ${fact.subnet_route.gateway} (gateway) or nowhere. The subnet mask or the address of this computer is wrong."
    remedy  = "Compare this computer's address and mask (ip address) with the site's plan and correct them. If ${target} really belongs to another subnet, subnet_host in the profile is wrong."
  }
  cause "subnet_host_is_this_computer" {
    when    = fact.subnet_route.kind == "local"
    explain = "${target} is this computer's own address: a ping to it says nothing about the subnet."
    remedy  = "Name another computer of this subnet as subnet_host in the profile."
  }
  cause "local_filter" {
    when    = result.local_error == "filtered"
    explain = "This computer's own firewall does not let pings to ${target} out."
    remedy  = "Look for an outgoing rule that drops them (nft list ruleset). The network is not to blame."
  }
  cause "local_route_blocks" {
    when    = contains(local.refusing, fact.subnet_route.kind)
    explain = "This computer's routing table holds a \"${fact.subnet_route.kind}\" entry for ${fact.subnet_route.prefix}: it refuses to send to ${target}."
    remedy  = "Find out who set the entry, then delete it: ip route del ${fact.subnet_route.kind} ${fact.subnet_route.prefix}."
  }
  cause "packet_loss" {
    when     = fact.subnet_again.received > 0
    severity = "warn"
    explain  = "Of ${fact.subnet_again.sent} pings to ${target}, ${fact.subnet_again.loss_pct} % were lost, although it is on this computer's own subnet."
    remedy   = "Look at the cable, the switch port's error counters and its duplex setting."
  }
  cause "subnet_host_filters_ping" {
    when     = result.received == 0 && fact.subnet_neighbour.reachable
    severity = "warn"
    explain  = "${target} is there (it answers for its hardware address ${fact.subnet_neighbour.mac}) but does not answer pings: its firewall ignores them, or its own subnet mask is wrong. The subnet works."
    remedy   = "Nothing has to be done for mail. Let it answer pings, or name another neighbour as subnet_host, to be rid of this warning."
  }
  cause "subnet_isolated" {
    when    = !fact.subnet_neighbour.reachable && !fact.gateway_neighbour.reachable
    explain = "Neither ${target} nor the gateway answers on the cable: this computer is cut off from its whole subnet."
    remedy  = "Look at the cable's other end, at the switch and at the VLAN of its port. If both computers are off at once, look for what they share: power, a switch."
  }
  cause "subnet_host_down" {
    when    = fact.subnet_neighbour.state == "permanent" ? fact.subnet_neighbour.answered_mac == null : !fact.subnet_neighbour.reachable
    explain = "${target} does not even answer for its hardware address, while others on the subnet may: it is switched off, unplugged, has another address, or its switch port is isolated from this one."
    remedy  = "Look whether the computer at ${target} is on and plugged in. The subnet mask is right: ${target} counts as on this subnet (${fact.subnet_route.prefix})."
  }
  # An ordinary user can't ask past a fixed entry, so that this comes last.
  cause "subnet_neighbour_wrong" {
    when    = fact.subnet_neighbour.state == "permanent" && result.received == 0
    explain = "A fixed entry on this computer says that ${target} has the hardware address ${fact.subnet_neighbour.mac}; nobody answers there (asked for ${target}, the subnet answers with ${fact.subnet_neighbour.answered_mac})."
    remedy  = "Delete the entry (ip neigh del ${target} dev IFACE) and find out who set it. If it is right, that computer is down or filters pings."
  }
}

fact "gateway_again" {
  target = check.default_gateway.result.received < check.default_gateway.result.sent ? try(coalesce(var.default_gateway, fact.way_out.gateway), null) : null
  probe "ping" {
    count    = 20
    interval = "100ms"
  }
}

fact "beyond" {
  target = var.remote_host
  probe "ping" { count = 2 }
}

# A gateway that is off is named without waiting for what lies behind it.
fact "beyond_tcp" {
  target  = fact.gateway_neighbour.reachable ? var.remote_host : null
  timeout = "4s"
  probe "tcp" { port = var.smtp_port }
}

check "default_gateway" {
  title       = "The default gateway answers"
  description = "A ping to this subnet's router, and a look whether packets to the remote host would really go through it."
  layer       = "ip"
  depends_on  = [check.local_subnet]
  target      = try(coalesce(var.default_gateway, fact.way_out.gateway), null)

  probe "ping" { count = 3 }

  # A route that refuses is the next step's fault, not the gateway's.
  pass    = result.received > 0 && (fact.way_out.on_link || sameip(fact.way_out.gateway, target) || (fact.way_out.found && contains(local.refusing, fact.way_out.kind)))
  warn    = fact.gateway_again.loss_pct >= 5
  explain = "${target} does not answer: its address is wrong here, or the gateway is down."
  remedy  = "Compare the address with the site's plan, then look at the router itself."

  cause "no_default_route" {
    when    = !fact.way_out.found
    explain = "This computer has no route that leads out: neither a default route nor one of its own to ${var.remote_host}."
    remedy  = "Set the default route to ${target} (ip route add default via ${target}), and set it in the network service's configuration as well, so that it stays."
  }
  cause "gateway_address_wrong" {
    when    = var.default_gateway != null && fact.way_out.kind == "unicast" && !fact.way_out.on_link && !sameip(fact.way_out.gateway, var.default_gateway)
    explain = "This computer sends through ${fact.way_out.gateway} (table ${fact.way_out.table == 254 ? "main" : tostring(fact.way_out.table)}, entry ${fact.way_out.prefix}); the site's gateway is ${var.default_gateway}."
    remedy  = "Set the route to ${var.default_gateway}, and look for a policy rule (ip rule) if the default route is right. If ${fact.way_out.gateway} is the gateway, correct default_gateway in the profile."
  }
  cause "local_filter" {
    when    = result.local_error == "filtered"
    explain = "This computer's own firewall does not let pings to ${target} out."
    remedy  = "Look for an outgoing rule that drops them (nft list ruleset). The gateway is not to blame."
  }
  cause "packet_loss" {
    when     = fact.gateway_again.received > 0
    severity = "warn"
    explain  = "Of ${fact.gateway_again.sent} pings to the gateway ${target}, ${fact.gateway_again.loss_pct} % were lost."
    remedy   = "Look at the cable and the switch between, then at the router's load."
  }
  cause "gateway_filters_ping" {
    when     = result.received == 0 && fact.gateway_neighbour.reachable && (fact.beyond.received > 0 || fact.beyond_tcp.connected || (fact.beyond_tcp.refused && fact.beyond_tcp.icmp.code == null) || (fact.beyond.icmp.sender != null && !sameip(fact.beyond.icmp.sender, target)))
    severity = "warn"
    explain  = "The gateway ${target} forwards traffic (answers come from behind it) but does not answer pings itself, or this computer's own firewall drops the replies."
    remedy   = "Nothing has to be done for mail. To be rid of this warning, look whether this computer's firewall drops incoming echo replies, then let the router answer pings."
  }
  cause "gateway_down" {
    when    = fact.gateway_neighbour.state == "permanent" ? fact.gateway_neighbour.answered_mac == null : !fact.gateway_neighbour.reachable
    explain = "The gateway ${target} does not even answer for its hardware address: it is switched off, unplugged, or ${target} is not its address."
    remedy  = "Look whether the router is on and plugged into this subnet, then compare ${target} with the site's plan."
  }
  cause "gateway_silent" {
    when    = fact.gateway_neighbour.reachable
    explain = "The gateway ${target} is there (it answers for its hardware address ${fact.gateway_neighbour.mac}) but answers no ping, and nothing behind it is heard of: its firewall drops this computer's packets, or its own address, mask or route back is wrong."
    remedy  = "Look at the router itself: its firewall, and its address and mask on this subnet. If ${target} is not the router at all, correct the address here."
  }
  # An ordinary user can't ask past a fixed entry, so that this comes last.
  cause "gateway_neighbour_wrong" {
    when    = fact.gateway_neighbour.state == "permanent" && result.received == 0
    explain = "A fixed entry on this computer says that the gateway ${target} has the hardware address ${fact.gateway_neighbour.mac}; nobody answers there (asked for ${target}, the subnet answers with ${fact.gateway_neighbour.answered_mac})."
    remedy  = "Delete the entry (ip neigh del ${target} dev IFACE) and find out who set it. If it is right, the gateway is down or filters pings."
  }
}
