fact "loopback" {
  target = "127.0.0.1"
  probe "interface" {}
}

check "loopback" {
  title       = "The loopback address answers"
  description = "A ping to 127.0.0.1 never leaves this computer: it shows that its own network software works."
  layer       = "ip"
  target      = "127.0.0.1"

  probe "ping" { count = 3 }

  pass    = result.received > 0
  explain = "${target} does not answer. The network software of this computer itself does not work, and nothing beyond it can."
  remedy  = "Restart this computer's network service, then look at the loopback interface and the local firewall."

  cause "loopback_filtered" {
    when    = result.local_error == "filtered" || (fact.loopback.found && fact.loopback.admin_up)
    explain = "The loopback interface is up and holds ${target}, yet pings to it are lost: a firewall rule on this computer drops them, or the kernel was told to ignore pings."
    remedy  = "Look for a rule that drops traffic on the loopback interface (nft list ruleset), and for net.ipv4.icmp_echo_ignore_all = 1. The network adapter is not to blame."
  }
  cause "loopback_down" {
    # linecheck:never-false !fact.loopback.found || !fact.loopback.admin_up: else loopback_filtered holds
    when    = !fact.loopback.found || !fact.loopback.admin_up
    explain = "No interface that is up holds ${target}: the loopback interface is switched off or has lost its address."
    remedy  = "Bring it back: ip link set lo up; ip address add 127.0.0.1/8 dev lo. Then find out what took it down."
  }
}

check "adapter" {
  title       = "The network adapter is ready"
  description = "The adapter that leads out is switched on, sees a carrier and has an address."
  layer       = "ip"
  depends_on  = [check.loopback]

  probe "interface" {
    near = [var.subnet_host, var.default_gateway]
  }

  pass    = result.found && result.admin_up && result.carrier && length(result.addresses) > 0
  explain = "No network adapter that leads out was found: this computer has none besides loopback, or it has several and neither a default route nor an address near the site's tells which one is meant."
  remedy  = "Look at the list of adapters (ip link): if the right one is missing, is it seated and its driver loaded? If it is there, give it its address and the default route."

  cause "adapter_down" {
    when    = result.found && !result.admin_up
    explain = "The adapter ${result.name} is switched off in this computer's settings."
    remedy  = "Switch it on: ip link set ${result.name} up. If it goes off again, look at the network service's configuration."
  }
  cause "link_down" {
    when    = result.found && result.admin_up && !result.carrier
    explain = "The adapter ${result.name} is switched on but sees no carrier: the cable is out, or the port at the other end is off."
    remedy  = "Look at the cable and at the lamp of the switch port, then try another cable and another port."
  }
  cause "no_address" {
    when    = result.found && length(result.addresses) == 0
    explain = "The adapter ${result.name} has no address of its own that is good beyond its cable."
    remedy  = "If the address comes by DHCP, look at the DHCP server; if it is set by hand, set it again and look why it was lost."
  }
}
