# The way to the remote host, as this computer's tables have it.
fact "way_out" {
  target = var.remote_host
  probe "route" {}
}

locals {
  # Kinds of route that refuse to send (ip-route(8)).
  refusing = ["blackhole", "prohibit", "unreachable"]
  # Routers that stand in for one another share such a hardware address, and may
  # answer from their own beside it: VRRP (RFC 9568, 7.3) and CARP, HSRP, GLBP.
  virtual_mac = "^(00:00:5e:00:0[12]|00:00:0c:07:ac|00:00:0c:9f:f|00:05:73:a0:0|00:07:b4:0)"
  # A link-local address is one of every adapter's: without a name, ours is meant.
  bare_subnet_host = var.subnet_host != null && cidrcontains("fe80::/10", var.subnet_host) && !strcontains(coalesce(var.subnet_host, "-"), "%")
  # A site's plan may name the router of one family, and a remote host of the other.
  plan_is_of_other_family = try(strcontains(var.remote_host, ":") != strcontains(var.default_gateway, ":") && !cidrcontains("fe80::/10", var.default_gateway), false)

  bare_gateway = var.default_gateway != null && cidrcontains("fe80::/10", var.default_gateway) && !strcontains(coalesce(var.default_gateway, "-"), "%")
}

fact "default_route" {
  probe "route" {}
}

fact "subnet_route" {
  target = local.bare_subnet_host ? try("${var.subnet_host}%${check.adapter.result.name}", null) : var.subnet_host
  probe "route" {}
}

fact "subnet_neighbour" {
  target = local.bare_subnet_host ? try("${var.subnet_host}%${check.adapter.result.name}", null) : var.subnet_host
  probe "neighbour" {}
}

# The way to the gateway's own address.
fact "gateway_route" {
  target = local.bare_gateway ? try("${var.default_gateway}%${check.adapter.result.name}", null) : try(coalesce(var.default_gateway, fact.way_out.gateway), null)
  probe "route" {}
}

fact "gateway_neighbour" {
  target = local.bare_gateway ? try("${var.default_gateway}%${check.adapter.result.name}", null) : try(coalesce(var.default_gateway, fact.way_out.gateway, fact.default_route.gateway), null)
  probe "neighbour" {}
}

# Asked only when a first ping was lost: nobody is warned of a single loss.
fact "subnet_again" {
  target = check.local_subnet.result.received < check.local_subnet.result.sent ? (local.bare_subnet_host ? try("${var.subnet_host}%${check.adapter.result.name}", null) : var.subnet_host) : null
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
  target      = local.bare_subnet_host ? try("${var.subnet_host}%${check.adapter.result.name}", null) : var.subnet_host

  probe "ping" { count = 3 }

  pass    = result.received > 0 && fact.subnet_route.on_link && fact.subnet_route.kind != "local"
  warn    = fact.subnet_again.loss_pct >= 5 || result.duplicates >= 2
  explain = "${target} could not be shown to be a computer on this computer's own subnet that answers: ${result.received} of ${result.sent} pings came back."
  remedy  = "Compare the address with the site's plan, then look at that computer and at the switch between."

  cause "subnet_host_behind_gateway" {
    when     = result.received > 0 && fact.subnet_route.gateway != null && alltrue([for bits in check.adapter.result.prefix_lengths : bits == 32 || bits == 128])
    severity = "warn"
    explain  = "${target} answers, but through ${fact.subnet_route.gateway}: this computer's address has a mask of one address, as in many clouds, so that nobody is on its own subnet, or the mask is wrong."
    remedy   = "If the mask is meant so, leave subnet_host out of the profile. If not, correct it (ip address)."
  }
  cause "local_route_shadows" {
    # linecheck:never-false result.received == 0: else the check had passed
    when    = fact.subnet_route.kind == "unicast" && anytrue([for i, address in check.adapter.result.addresses : cidrcontains("${address}/${check.adapter.result.prefix_lengths[i]}", target)]) && (!fact.subnet_route.on_link || (result.received == 0 && fact.subnet_route.interface != check.adapter.result.name))
    explain = "By the address and mask of ${check.adapter.result.name}, ${target} is on this computer's own subnet, but another entry of its routing tables (${fact.subnet_route.prefix}, table ${fact.subnet_route.table == 254 ? "main" : tostring(fact.subnet_route.table)}) comes first and sends packets ${fact.subnet_route.gateway == null ? "out by ${fact.subnet_route.interface}" : "through ${fact.subnet_route.gateway}"}."
    remedy  = "Find out who set that entry (a VPN, a bridge for containers, a policy rule: ip route get ${target}; ip rule), and take it away or give that network other addresses."
  }
  cause "subnet_mask_wrong" {
    when    = !fact.subnet_route.found || (!fact.subnet_route.on_link && !contains(local.refusing, fact.subnet_route.kind))
    explain = "${target} should be on this computer's own subnet, but by its address and mask it is not: ${fact.subnet_route.gateway == null ? "there is no way to it at all" : "packets to it would go through the gateway ${fact.subnet_route.gateway}"}. The subnet mask or the address of this computer is wrong${length(check.adapter.result.idle) > 0 ? ", or another adapter leads there (${join(", ", check.adapter.result.idle)}: off, without a carrier or without an address)" : ""}."
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
    remedy  = "Look for an outgoing rule that drops them (nft list ruleset; where IPsec is used, ip xfrm policy). The network is not to blame."
  }
  cause "local_route_blocks" {
    when    = contains(local.refusing, fact.subnet_route.kind)
    explain = "This computer's routing table holds a \"${fact.subnet_route.kind}\" entry${fact.subnet_route.prefix == null ? " or a policy rule of that kind" : " for ${fact.subnet_route.prefix}"}: it refuses to send to ${target}."
    remedy  = "Find out who set it, then delete it: ${fact.subnet_route.prefix == null ? "ip rule and ip route show table all list both kinds" : "ip route del ${fact.subnet_route.kind} ${fact.subnet_route.prefix}"}."
  }
  cause "packet_loss" {
    when     = (result.received > 0 && fact.subnet_again.loss_pct >= 5) || (result.received == 0 && fact.subnet_again.received > 0)
    severity = "warn"
    explain  = "Of ${fact.subnet_again.sent} pings to ${target}, ${fact.subnet_again.loss_pct} % were lost, although it is on this computer's own subnet (of ${result.sent} before them ${result.received} came back)."
    remedy   = "Look at the cable, the switch port's error counters and its duplex setting, and whether ${target} itself limits how many pings it answers. Run linecheck as root: only then does it see whether another computer has this one's IPv4 address."
  }
  cause "duplicate_replies" {
    when     = result.duplicates >= 2
    severity = "warn"
    explain  = "Pings to ${target} are answered more than once (${result.duplicates} replies too many): two computers have its address, or there is a loop below IP, so that every packet comes twice."
    remedy   = "Look for a second computer with the address ${target}, and for a loop of cables or a mirrored port at the switch."
  }
  cause "answered_by_another" {
    when     = result.received == 0 && result.strangers > 0
    severity = "warn"
    explain  = "Pings to ${target} are answered from ${result.answered_by}: that computer has several addresses, or one between translates addresses in one direction only. The subnet works."
    remedy   = "Nothing has to be done for mail. Name ${result.answered_by} as subnet_host if that is the neighbour that is meant."
  }
  cause "subnet_host_filters_ping" {
    when     = result.received == 0 && fact.subnet_neighbour.reachable
    severity = "warn"
    explain  = "${target} is there (it answers for its hardware address ${fact.subnet_neighbour.mac}) but no ping to it is answered: its firewall ignores them, its own subnet mask is wrong, or this computer's own firewall drops the replies. The subnet works."
    remedy   = "Nothing has to be done for mail. Let it answer pings, or name another neighbour as subnet_host, to be rid of this warning."
  }
  cause "adapter_without_arp" {
    when    = result.received == 0 && fact.subnet_neighbour.state == "noarp" && fact.subnet_route.kind == "unicast" && !check.adapter.result.point_to_point
    explain = "No ping to ${target} is answered, and the adapter ${fact.subnet_route.interface} is set not to ask for hardware addresses (NOARP): without them nothing on a network cable takes its packets."
    remedy  = "Have it ask again: ip link set ${fact.subnet_route.interface} arp on. Then look what set it so: the network service's configuration, or a program for high availability."
  }
  cause "subnet_isolated" {
    # linecheck:never-true fact.subnet_neighbour.reachable: else subnet_host_filters_ping holds
    when    = result.received == 0 && !fact.subnet_neighbour.reachable && !fact.gateway_neighbour.reachable && !sameip(target, try(coalesce(var.default_gateway, fact.way_out.gateway, fact.default_route.gateway), null))
    explain = "Neither ${target} nor the gateway answers on the cable: this computer is cut off from its whole subnet."
    remedy  = "Look at the cable's other end, at the switch and at the VLAN of its port, and whether a rule of this computer drops ARP or neighbour discovery (nft list ruleset). If both computers are off at once, look for what they share: power, a switch."
  }
  cause "subnet_host_down" {
    # linecheck:never-true fact.subnet_neighbour.reachable: else subnet_host_filters_ping holds
    when    = result.received == 0 && (fact.subnet_neighbour.state == "permanent" ? fact.subnet_neighbour.answered_mac == null : !fact.subnet_neighbour.reachable)
    explain = "${target} does not even answer for its hardware address: it is switched off, unplugged, has another address, or its switch port is isolated from this one."
    remedy  = "Look whether the computer at ${target} is on and plugged in; it counts as on this subnet (${fact.subnet_route.prefix}). If nobody else there answers either, look at this computer's own cable and VLAN."
  }
  # An ordinary user can't ask past a fixed entry, so that this comes last.
  cause "subnet_neighbour_wrong" {
    when    = fact.subnet_neighbour.state == "permanent" && result.received == 0
    explain = "A fixed entry on this computer says that ${target} has the hardware address ${fact.subnet_neighbour.mac}, and no ping that is sent there is answered."
    remedy  = "Delete the entry (ip neigh del ${target} dev ${fact.subnet_route.interface}) and find out who set it. If it is right, that computer is down or filters pings."
  }
}

fact "gateway_again" {
  target = check.default_gateway.result.received < check.default_gateway.result.sent ? (local.bare_gateway ? try("${var.default_gateway}%${check.adapter.result.name}", null) : try(coalesce(var.default_gateway, fact.way_out.gateway), null)) : null
  probe "ping" {
    count    = 20
    interval = "100ms"
  }
}

# A router that only limits how many pings it answers loses nothing that it forwards.
fact "gateway_through" {
  target = check.default_gateway.result.received < check.default_gateway.result.sent ? var.remote_host : null
  probe "ping" {
    count    = 20
    interval = "100ms"
  }
}

# Who answers for the gateway's address, where this computer may ask.
fact "gateway_answers" {
  target = local.bare_gateway ? try("${var.default_gateway}%${check.adapter.result.name}", null) : try(coalesce(var.default_gateway, fact.way_out.gateway), null)
  probe "neighbour" {
    provoke   = false
    everybody = true
  }
}

# Where the plan's gateway is none of the route's, they may still be one router: it has
# a link-local address beside others.
fact "planned_router" {
  target = var.default_gateway != null && fact.way_out.gateway != null && !anytrue([for g in fact.way_out.gateways : sameip(g, var.default_gateway)]) ? (local.bare_gateway ? try("${var.default_gateway}%${check.adapter.result.name}", null) : var.default_gateway) : null
  probe "neighbour" { wait = "1s" }
}

fact "routes_router" {
  target = var.default_gateway != null && fact.way_out.gateway != null && !anytrue([for g in fact.way_out.gateways : sameip(g, var.default_gateway)]) ? fact.way_out.gateway : null
  probe "neighbour" { wait = "1s" }
}

# Of several next hops each gets a part of all connections, so that each must answer.
# A single one is the gateway, and costs nothing here. More than three are rare.
fact "next_hop" {
  for_each = toset(["0", "1", "2"])
  target   = length(fact.way_out.gateways) > 1 ? try(fact.way_out.gateways[tonumber(each.key)], null) : null
  probe "ping" { count = 1 }
}

fact "next_hop_neighbour" {
  for_each = toset(["0", "1", "2"])
  target   = length(fact.way_out.gateways) > 1 && tonumber(each.key) < length(fact.way_out.gateways) && fact.next_hop[each.key].received == 0 ? fact.way_out.gateways[tonumber(each.key)] : null
  probe "neighbour" {}
}

fact "beyond" {
  target = var.remote_host
  probe "ping" { count = 2 }
}

# A gateway that is off is named without waiting for what lies behind it; one whose
# hardware address is set by hand may be the right one and never be asked for it.
fact "beyond_tcp" {
  target  = fact.gateway_neighbour.state == "permanent" || fact.gateway_neighbour.reachable ? var.remote_host : null
  timeout = "4s"
  probe "tcp" { port = var.smtp_port }
}

check "default_gateway" {
  title       = "The default gateway answers"
  description = "A ping to this subnet's router, and a look whether packets to the remote host would really go through it."
  layer       = "ip"
  depends_on  = [check.local_subnet]
  target      = local.bare_gateway ? try("${var.default_gateway}%${check.adapter.result.name}", null) : try(coalesce(var.default_gateway, fact.way_out.gateway), null)

  probe "ping" { count = 3 }

  # A route that refuses is the next step's fault, not the gateway's.
  pass    = result.received > 0 && (fact.way_out.on_link || local.plan_is_of_other_family || anytrue([for g in fact.way_out.gateways : sameip(g, target)]) || (fact.way_out.found && contains(local.refusing, fact.way_out.kind)) || (fact.way_out.gateway != null && fact.routes_router.mac != null && fact.routes_router.mac == fact.planned_router.mac)) && length([for mac in fact.gateway_answers.answered_macs : mac if !can(regex(local.virtual_mac, mac))]) < 2 && length([for key, hop in fact.next_hop_neighbour : fact.way_out.gateways[tonumber(key)] if length(fact.way_out.gateways) > 1 && tonumber(key) < length(fact.way_out.gateways) && fact.next_hop[key].received == 0 && hop.state == "failed"]) == 0
  warn    = (fact.gateway_again.loss_pct >= 5 && (var.remote_host == null || fact.gateway_through.loss_pct > 0)) || result.duplicates >= 2
  explain = "${target} could not be shown to be the gateway that packets leave through: ${result.received} of ${result.sent} pings came back."
  remedy  = "Compare the address with the site's plan, then look at the router itself."

  cause "no_default_route" {
    when    = !fact.way_out.found
    explain = "This computer has no route that leads out: ${var.remote_host == null ? "there is no default route" : "neither a default route nor one of its own to ${var.remote_host}"}."
    remedy  = "Set the default route to ${target} (ip route add default via ${target}), and set it in the network service's configuration as well, so that it stays."
  }
  cause "gateway_address_wrong" {
    when    = var.default_gateway != null && !local.plan_is_of_other_family && fact.way_out.kind == "unicast" && !fact.way_out.on_link && !anytrue([for g in fact.way_out.gateways : sameip(g, var.default_gateway)]) && !(fact.routes_router.mac != null && fact.routes_router.mac == fact.planned_router.mac)
    explain = "This computer sends through ${join(" and ", fact.way_out.gateways)} (table ${fact.way_out.table == 254 ? "main" : tostring(fact.way_out.table)}, entry ${fact.way_out.prefix}); the site's gateway is ${var.default_gateway}."
    remedy  = "Set the route to ${var.default_gateway}, and look for a policy rule (ip rule) if the default route is right. If ${join(" or ", fact.way_out.gateways)} is the gateway, correct default_gateway in the profile."
  }
  cause "gateway_duplicate_address" {
    when    = length([for mac in fact.gateway_answers.answered_macs : mac if !can(regex(local.virtual_mac, mac))]) >= 2
    explain = "Asked for the gateway ${target}, several hardware addresses answer (${join(", ", fact.gateway_answers.answered_macs)}): another computer has the gateway's address, so that packets go to the one or the other by chance. (Or one router has several adapters on this subnet.)"
    remedy  = "Find them by their hardware addresses in the switch's table, and give the one that is not the router an address of its own. If it is one router, have it answer on one adapter only."
  }
  # Where none of them answers, there is nothing to share out: see gateway_down.
  cause "gateway_one_of_several_down" {
    when     = length(fact.way_out.gateways) > 1 && length([for key, hop in fact.next_hop_neighbour : fact.way_out.gateways[key] if key < length(fact.way_out.gateways) && fact.next_hop[key].received == 0 && hop.state == "failed"]) > 0 && (result.received > 0 || length([for key, hop in fact.next_hop_neighbour : fact.way_out.gateways[key] if key < length(fact.way_out.gateways) && fact.next_hop[key].received == 0 && hop.state == "failed"]) < length(fact.way_out.gateways))
    severity = fact.way_out.avoids_silent ? "warn" : "fail"
    explain  = "This computer's route (entry ${fact.way_out.prefix}) shares connections out among the gateways ${join(", ", fact.way_out.gateways)}, and from ${join(", ", [for key, hop in fact.next_hop_neighbour : fact.way_out.gateways[key] if key < length(fact.way_out.gateways) && fact.next_hop[key].received == 0 && hop.state == "failed"])} comes nothing, not even a hardware address. ${fact.way_out.avoids_silent ? "The kernel passes over it once it knows; until then packets are lost." : "Connections that go there are lost."}"
    remedy   = "Look whether that router is on and plugged into this subnet. If it is gone for good, take it out of the route (ip route show ${fact.way_out.prefix})."
  }
  cause "local_filter" {
    when    = result.local_error == "filtered"
    explain = "This computer's own firewall does not let pings to ${target} out."
    remedy  = "Look for an outgoing rule that drops them (nft list ruleset; where IPsec is used, ip xfrm policy). The gateway is not to blame."
  }
  cause "local_route_blocks" {
    when    = contains(local.refusing, fact.gateway_route.kind)
    explain = "This computer's routing table holds a \"${fact.gateway_route.kind}\" entry${fact.gateway_route.prefix == null ? " or a policy rule of that kind" : " for ${fact.gateway_route.prefix}"}: it refuses to send to the gateway's own address ${target}, so that the gateway could not be looked at."
    remedy  = "Find out who set it, then delete it: ${fact.gateway_route.prefix == null ? "ip rule and ip route show table all list both kinds" : "ip route del ${fact.gateway_route.kind} ${fact.gateway_route.prefix}"}."
  }
  cause "packet_loss" {
    when     = (result.received > 0 && fact.gateway_again.loss_pct >= 5) || (result.received == 0 && fact.gateway_again.received > 0)
    severity = "warn"
    explain  = "Of ${fact.gateway_again.sent} pings to the gateway ${target}, ${fact.gateway_again.loss_pct} % were lost (of ${result.sent} before them ${result.received} came back)."
    remedy   = "Look at the cable and the switch between, then at the router's load, and whether it limits how many pings it answers. Run linecheck as root: only then does it see whether another computer has this one's IPv4 address."
  }
  cause "duplicate_replies" {
    when     = result.duplicates >= 2
    severity = "warn"
    explain  = "Pings to the gateway ${target} are answered more than once (${result.duplicates} replies too many): two computers have its address, or there is a loop below IP, so that every packet comes twice."
    remedy   = "Look for a second computer with the address ${target}, and for a loop of cables or a mirrored port at the switch."
  }
  cause "answered_by_another" {
    when     = result.received == 0 && result.strangers > 0
    severity = "warn"
    explain  = "Pings to the gateway ${target} are answered from ${result.answered_by}: the router has several addresses and answers from the wrong one, or something between translates addresses in one direction only."
    remedy   = "Look whether ${result.answered_by} is the router, and which of the two is its address in the site's plan."
  }
  cause "gateway_filters_ping" {
    when     = result.received == 0 && (fact.gateway_neighbour.reachable || (fact.gateway_neighbour.state == "permanent" && var.remote_host != null && !fact.way_out.on_link && !local.plan_is_of_other_family)) && (var.remote_host == null || fact.beyond.received > 0 || fact.beyond_tcp.connected || (fact.beyond_tcp.refused && fact.beyond_tcp.icmp.code == null) || (fact.beyond.icmp.sender != null && !sameip(fact.beyond.icmp.sender, target)))
    severity = "warn"
    explain  = "The gateway ${target} ${var.remote_host == null ? "is there (it answers for its hardware address)" : (fact.way_out.on_link ? "is there (it answers for its hardware address), and ${var.remote_host} answers without it," : "forwards traffic (answers come from behind it)")} but does not answer pings itself, or this computer's own firewall drops the replies."
    remedy   = "${var.remote_host == null ? "Set remote_host: without it nobody tried whether the gateway forwards." : "Nothing has to be done for mail."} To be rid of this warning, look whether this computer's firewall drops incoming echo replies, then let the router answer pings."
  }
  cause "gateway_down" {
    when    = result.received == 0 && (fact.gateway_neighbour.state == "permanent" ? fact.gateway_neighbour.answered_mac == null : !fact.gateway_neighbour.reachable)
    explain = "The gateway ${target} does not even answer for its hardware address: it is switched off or unplugged, or ${target} is not its address, or something keeps the two apart (a VLAN, isolated ports of the switch, a filter of ARP)."
    remedy  = "Look whether the router is on and plugged into this subnet, then compare ${target} with the site's plan."
  }
  cause "gateway_silent" {
    # linecheck:never-true fact.beyond_tcp.connected: else gateway_filters_ping holds
    when    = result.received == 0 && fact.gateway_neighbour.reachable && fact.beyond.received == 0 && !fact.beyond_tcp.connected
    explain = "The gateway ${target} is there (it answers for its hardware address ${fact.gateway_neighbour.mac}) but answers no ping, and nothing behind it is heard of: its firewall drops this computer's packets, or its address, mask or route back is wrong, or this computer's own firewall drops what comes in."
    remedy  = "Look at this computer's rules (nft list ruleset), then at the router: firewall, address and mask, neighbour table. If ${target} is not the router at all, correct the address here."
  }
  # An ordinary user can't ask past a fixed entry, so that this comes last.
  cause "gateway_neighbour_wrong" {
    when    = fact.gateway_neighbour.state == "permanent" && result.received == 0
    explain = "A fixed entry on this computer says that the gateway ${target} has the hardware address ${fact.gateway_neighbour.mac}, and no ping that is sent there is answered."
    remedy  = "Compare it with the router's own. If they differ, delete the entry (ip neigh del ${target} dev ${fact.gateway_route.interface}) and find out who set it. If it is right, leave it: then the gateway is down or filters pings."
  }
}
