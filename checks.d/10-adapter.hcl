fact "loopback" {
  target = "127.0.0.1"
  probe "interface" {}
}

# Whether loopback carries anything but pings: a connection there is taken or
# refused at once.
fact "loopback_tcp" {
  target  = "127.0.0.1"
  timeout = "1s"
  probe "tcp" { port = 9 }
}

check "loopback" {
  title       = "The loopback address answers"
  description = "A ping to 127.0.0.1 never leaves this computer: it shows that its own network software works."
  layer       = "ip"
  target      = "127.0.0.1"

  probe "ping" {
    count    = 3
    interval = "20ms"
  }

  pass    = result.received > 0
  explain = "${target} does not answer. The network software of this computer itself does not work, and nothing beyond it can."
  remedy  = "Restart this computer's network service, then look at the loopback interface and the local firewall."

  cause "loopback_ignores_ping" {
    # linecheck:never-false result.received == 0: else the check had passed
    when     = result.received == 0 && fact.loopback.ignores_ping && (fact.loopback_tcp.connected || (fact.loopback_tcp.refused && fact.loopback_tcp.icmp.code == null))
    severity = "warn"
    explain  = "This computer was told to leave all pings unanswered (net.ipv4.icmp_echo_ignore_all), those to ${target} as well. The loopback interface works: a connection to it is answered."
    remedy   = "Nothing has to be done for mail. To be rid of this warning, set net.ipv4.icmp_echo_ignore_all = 0."
  }
  cause "loopback_filtered" {
    when    = result.local_error == "filtered" || (fact.loopback.found && fact.loopback.admin_up)
    explain = result.local_error == "filtered" ? "This computer's own firewall does not let pings to ${target} out." : "The loopback interface is up and holds ${target}, yet no ping to it is answered: a firewall rule on this computer drops them."
    remedy  = "Look for a rule that drops traffic on the loopback interface (nft list ruleset), and for net.ipv4.icmp_echo_ignore_all = 1. The network adapter is not to blame."
  }
  cause "loopback_down" {
    # linecheck:never-false !fact.loopback.found || !fact.loopback.admin_up: else loopback_filtered holds
    when    = !fact.loopback.found || !fact.loopback.admin_up
    explain = "No interface that is up holds ${target}: the loopback interface is switched off or has lost its address."
    remedy  = "Bring it back: ip link set lo up; ip address add 127.0.0.1/8 dev lo. Then find out what took it down."
  }
}

locals {
  # The family that the site is of; what is link-local belongs to either.
  site_hosts = [for a in [var.subnet_host, var.default_gateway, var.remote_host] : a if a != null && !try(cidrcontains("fe80::/10", a), false)]
  site_ipv6  = try(strcontains(local.site_hosts[0], ":"), null)
}

check "adapter" {
  title       = "The network adapter is ready"
  description = "The adapter that leads to the mail host is switched on, sees a carrier and has an address that no other computer has."
  layer       = "ip"
  depends_on  = [check.loopback]
  target      = var.adapter

  probe "interface" {
    near   = [var.subnet_host, var.default_gateway]
    toward = var.remote_host
    claims = true
  }

  # An address may stand on another adapter, loopback say, and be sent from by this
  # one: routers that agree on routes with a computer need no subnet (RFC 5549).
  # IPv4 only, where a route does not outlive the address.
  pass    = result.found && result.admin_up && result.carrier && (anytrue([for a in result.addresses : strcontains(a, ":") == coalesce(local.site_ipv6, strcontains(a, ":"))]) || (!strcontains(coalesce(fact.way_out.source, ":"), ":") && fact.way_out.interface == result.name)) && length(result.duplicates) == 0
  explain = var.adapter != null ? "This computer has no adapter ${var.adapter}." : "No network adapter that leads out was found: this computer has no other than loopback, or it has several and neither a route nor an address near the site's tells which one is meant."
  remedy  = "Look at the list of adapters (ip link): if the right one is missing, is it seated and its driver loaded? If it is there, give it its address and the default route, or name it as adapter in the profile."

  cause "adapter_below_down" {
    when    = result.found && result.below != null && !(result.admin_up && result.carrier)
    explain = "The adapter ${result.name} can't work, since ${result.below} that it stands on (its port, or the adapter that it is a VLAN of) is switched off or sees no carrier."
    remedy  = "Switch ${result.below} on (ip link set ${result.below} up), look at its cable and at the switch port, and then switch on ${result.name}."
  }
  cause "adapter_down" {
    when    = result.found && !result.admin_up
    explain = "The adapter ${result.name} is switched off in this computer's settings.${result.chosen_by == "idle" ? " No other adapter has an address beside the site's own: either ${result.name} is the one that leads there, or another's address or mask is wrong." : ""}"
    remedy  = "Switch it on: ip link set ${result.name} up. If it goes off again, look at the network service's configuration. If another adapter is meant, name it as adapter in the profile."
  }
  cause "link_down" {
    when    = result.found && result.admin_up && !result.carrier
    explain = "The adapter ${result.name} is switched on but sees no carrier: the cable is out, or the port at the other end is off (of a tunnel: its program does not run).${result.chosen_by == "idle" ? " No other adapter has an address beside the site's own: either ${result.name} is the one that leads there, or another's address or mask is wrong." : ""}"
    remedy  = "Look at the cable and at the lamp of the switch port, then try another cable and another port. If another adapter is meant, name it as adapter in the profile."
  }
  cause "duplicate_address" {
    when    = length(result.duplicates) > 0
    explain = "Another computer on this subnet has this computer's address ${join(" and ", result.duplicates)}${result.claimed_by != null ? " (asked for it, hardware address ${result.claimed_by} answers)" : ""}. Answers that are meant for one of the two reach the other."
    remedy  = "Find the other computer by its hardware address in the switch's table, give one of the two an address of its own, and look why both got this one (a fixed address within the range of a DHCP server, a copied virtual machine)."
  }
  cause "no_address" {
    when    = result.found && !anytrue([for a in result.addresses : strcontains(a, ":") == coalesce(local.site_ipv6, strcontains(a, ":"))])
    explain = "The adapter ${result.name} has no ${length(result.addresses) == 0 ? "" : local.site_ipv6 ? "IPv6 " : "IPv4 "}address of its own that is good beyond its cable.${result.chosen_by == "idle" ? " No other adapter has an address beside the site's own: either ${result.name} is the one that leads there, or another's address or mask is wrong." : ""}"
    remedy  = "If the address comes by DHCP, look at the DHCP server; if it is set by hand, set it again and look why it was lost. If another adapter is meant, name it as adapter in the profile."
  }
}
