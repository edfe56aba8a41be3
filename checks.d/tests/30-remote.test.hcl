# A host on the remote subnet, 198.51.100.25: what this computer's own tables make of it.

run "this computer's firewall keeps pings to the remote host in" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = "filtered"
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "local_filter"
    explain    = "This computer's own firewall does not let pings to 198.51.100.25 out."
    status     = { default_gateway = "pass", path_mtu = "blocked", dns = "blocked", smtp = "blocked" }
  }
}

run "remote_host is this computer's own address" {
  site = "example"
  result "fact.way_out" {
    found     = true
    kind      = "local"
    on_link   = true
    gateway   = null
    gateways  = []
    interface = "eth0"
    source    = "192.0.2.10"
    prefix    = "198.51.100.25/32"
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "remote_host_is_this_computer"
    explain    = "198.51.100.25 is this computer's own address…nothing about the way out."
  }
}

run "there is no way out and the gateway answers by a route of its own" {
  description = "default_gateway is not set and not discovered, so that its step is skipped."
  site        = "example"
  vars        = { default_gateway = null }
  result "fact.way_out" {
    found    = false
    kind     = null
    on_link  = false
    gateway  = null
    gateways = []
  }
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = "no_route"
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "no_default_route"
    explain    = "This computer has no route to 198.51.100.25…"
    status     = { default_gateway = "skipped" }
  }
}

run "the subnet mask is too wide" {
  site = "example"
  result "fact.way_out" {
    found     = true
    kind      = "unicast"
    on_link   = true
    gateway   = null
    gateways  = []
    interface = "eth0"
    source    = "192.0.2.10"
    prefix    = "192.0.0.0/2"
  }
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
  }
  result "fact.remote_neighbour" {
    state     = "failed"
    reachable = false
    mac       = null
  }
  result "fact.remote_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.remote_tcp" { connected = false }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "subnet_mask_too_wide"
    explain    = "This computer takes 198.51.100.25 for a neighbour on its own subnet (192.0.0.0/2)…Nobody answers there…"
    remedy     = "…If 198.51.100.25 does belong to this subnet, look whether it is on."
    status     = { default_gateway = "pass", dns = "blocked" }
  }
}

run "proxy ARP hides that the subnet mask is too wide" {
  site = "example"
  result "fact.way_out" {
    found     = true
    kind      = "unicast"
    on_link   = true
    gateway   = null
    gateways  = []
    interface = "eth0"
    source    = "192.0.2.10"
    prefix    = "192.0.0.0/2"
  }
  result "fact.remote_neighbour" {
    state     = "reachable"
    reachable = true
    mac       = "02:00:00:00:00:01"
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "subnet_mask_too_wide"
    explain    = "…The router answers in its place (proxy ARP, hardware address 02:00:00:00:00:01)…"
    remedy     = "Compare this computer's mask (ip address) with the site's plan and correct it."
    status     = { path_mtu = "pass", dns = "pass", smtp = "pass" }
  }
}

run "the remote host is a neighbour in truth" {
  site = "example"
  result "fact.way_out" {
    found     = true
    kind      = "unicast"
    on_link   = true
    gateway   = null
    gateways  = []
    interface = "eth0"
    source    = "192.0.2.10"
    prefix    = "192.0.0.0/2"
  }
  result "fact.remote_neighbour" {
    state     = "reachable"
    reachable = true
    mac       = "02:00:00:00:00:25"
  }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "the remote host is the gateway itself" {
  site = "example"
  vars = { remote_host = "192.0.2.1" }
  result "fact.way_out" {
    found     = true
    kind      = "unicast"
    on_link   = true
    gateway   = null
    gateways  = []
    interface = "eth0"
    source    = "192.0.2.10"
    prefix    = "192.0.2.0/24"
  }
  result "fact.remote_neighbour" {
    state     = "reachable"
    reachable = true
    mac       = "02:00:00:00:00:01"
  }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "the hardware address of a remote neighbour is not known" {
  site = "example"
  result "fact.way_out" {
    found     = true
    kind      = "unicast"
    on_link   = true
    gateway   = null
    gateways  = []
    interface = "eth0"
    source    = "192.0.2.10"
    prefix    = "192.0.0.0/2"
  }
  result "fact.remote_neighbour" {
    state     = "none"
    reachable = false
    mac       = null
  }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "this computer's firewall rejects pings in this computer's own name" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "port_unreachable", sender = "192.0.2.10", type = 3, code = 3 }
  }
  result "fact.remote_again" {
    sent     = 50
    received = 0
    loss_pct = 100
    icmp     = null
  }
  result "fact.remote_tcp" {
    connected = false
    refused   = false
    icmp      = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "local_filter"
  }
}

run "a network of containers has the remote host's addresses" {
  site = "example"
  result "fact.way_out" {
    found     = true
    kind      = "unicast"
    on_link   = true
    gateway   = null
    gateways  = []
    interface = "docker0"
    source    = "198.51.100.1"
    prefix    = "198.51.100.0/24"
  }
  result "fact.way_out_link" {
    addresses      = ["198.51.100.1"]
    point_to_point = false
  }
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "host_unreachable", sender = "198.51.100.1", type = 3, code = 1 }
  }
  result "fact.remote_neighbour" {
    state     = "failed"
    reachable = false
    mac       = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 0
    loss_pct = 100
    icmp     = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "local_route_shadows"
    explain    = "…(198.51.100.0/24, adapter docker0) takes 198.51.100.25 for a host right behind that adapter, and nobody answers there…"
  }
}

run "a container answers to the remote host's address" {
  description = "Whether it is the right one the greeting must tell."
  site        = "example"
  result "fact.way_out" {
    found     = true
    kind      = "unicast"
    on_link   = true
    gateway   = null
    gateways  = []
    interface = "docker0"
    source    = "198.51.100.1"
    prefix    = "198.51.100.0/24"
  }
  result "fact.remote_neighbour" {
    state     = "reachable"
    reachable = true
    mac       = "02:42:00:00:00:25"
  }
  expect { verdict = "pass" }
}

run "a container with the remote host's address answers neither pings nor TCP" {
  site = "example"
  result "fact.way_out" {
    found     = true
    kind      = "unicast"
    on_link   = true
    gateway   = null
    gateways  = []
    interface = "docker0"
    source    = "198.51.100.1"
    prefix    = "198.51.100.0/24"
  }
  result "fact.way_out_link" {
    addresses      = ["198.51.100.1"]
    point_to_point = false
  }
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 0
    loss_pct = 100
    icmp     = null
  }
  result "fact.remote_tcp" {
    connected = false
    refused   = false
    icmp      = null
  }
  result "fact.remote_neighbour" {
    state     = "reachable"
    reachable = true
    mac       = "02:42:00:00:00:25"
  }
  result "fact.remote_trace" {
    reached      = false
    loop         = false
    silent_after = 0
    last_sender  = null
    icmp         = null
    hops         = []

    reverse_path_drops = 0
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "path_broken"
    explain    = "198.51.100.25 counts as a neighbour on docker0 and is there, but answers neither pings nor TCP…"
  }
}

run "a route to the remote subnet lacks its gateway" {
  site = "example"
  result "fact.way_out" {
    found     = true
    kind      = "unicast"
    on_link   = true
    gateway   = null
    gateways  = []
    interface = "eth0"
    source    = "192.0.2.10"
    prefix    = "198.51.100.0/24"
  }
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = null
  }
  result "fact.remote_neighbour" {
    state     = "failed"
    reachable = false
    mac       = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 0
    loss_pct = 100
    icmp     = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "local_route_shadows"
    explain    = "…(198.51.100.0/24, adapter eth0)…"
  }
}

run "the remote host is on the own subnet of a place without a router, and off" {
  site = "example"
  vars = { default_gateway = null, remote_host = "192.0.2.25" }
  result "fact.default_route" { found = false }
  result "fact.way_out" {
    found     = true
    kind      = "unicast"
    on_link   = true
    gateway   = null
    gateways  = []
    interface = "eth0"
    source    = "192.0.2.10"
    prefix    = "192.0.2.0/24"
  }
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "host_unreachable", sender = "192.0.2.10", type = 3, code = 1 }
  }
  result "fact.remote_again" {
    sent     = 50
    received = 0
    loss_pct = 100
    icmp     = null
  }
  result "fact.remote_tcp" {
    connected = false
    refused   = false
    icmp      = null
  }
  result "fact.remote_neighbour" {
    state     = "failed"
    reachable = false
    mac       = null
  }
  result "fact.remote_trace" {
    reached      = false
    loop         = false
    silent_after = 0
    last_sender  = null
    icmp         = null
    hops         = []

    reverse_path_drops = 0
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "remote_host_down"
    explain    = "192.0.2.25 counts as a neighbour on this computer's own subnet (192.0.2.0/24), no router is known here…"
    status     = { default_gateway = "skipped" }
  }
}

run "the mask is too wide, and only the routing table knows a router" {
  site = "example"
  vars = { default_gateway = null }
  result "fact.way_out" {
    found     = true
    kind      = "unicast"
    on_link   = true
    gateway   = null
    gateways  = []
    interface = "eth0"
    source    = "192.0.2.10"
    prefix    = "192.0.0.0/2"
  }
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = null
  }
  result "fact.remote_neighbour" {
    state     = "failed"
    reachable = false
    mac       = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 0
    loss_pct = 100
    icmp     = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "subnet_mask_too_wide"
  }
}

run "the tunnel to the remote subnet is down" {
  site = "example"
  result "fact.way_out" {
    found     = true
    kind      = "unicast"
    on_link   = true
    gateway   = null
    gateways  = []
    interface = "wg0"
    source    = "192.0.2.10"
    prefix    = "198.51.100.0/24"
  }
  result "fact.way_out_link" {
    addresses      = []
    point_to_point = true
  }
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 0
    loss_pct = 100
    icmp     = null
  }
  result "fact.remote_tcp" {
    connected = false
    refused   = false
    icmp      = null
  }
  result "fact.remote_neighbour" {
    state = "noarp"
    mac   = null
  }
  result "fact.remote_trace" {
    reached      = false
    loop         = false
    silent_after = 0
    last_sender  = null
    icmp         = null
    hops         = []

    reverse_path_drops = 0
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "tunnel_down"
    explain    = "Packets to 198.51.100.25 leave by the tunnel wg0 (entry 198.51.100.0/24), and nothing comes back from it…"
  }
}

run "the tunnel to the remote subnet loses packets" {
  description = "There are no hardware addresses that could be the same."
  site        = "example"
  result "fact.way_out" {
    found     = true
    kind      = "unicast"
    on_link   = true
    gateway   = null
    gateways  = []
    interface = "wg0"
    source    = "192.0.2.10"
    prefix    = "198.51.100.0/24"
  }
  result "fact.way_out_link" {
    addresses      = []
    point_to_point = true
  }
  result "check.remote_subnet" {
    sent        = 3
    received    = 1
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 40
    loss_pct = 20
    icmp     = null
  }
  result "fact.remote_neighbour" {
    state = "noarp"
    mac   = null
  }
  result "fact.gateway_neighbour" {
    state = "none"
    mac   = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
  }
}

run "another address of this computer is answered" {
  site = "example"
  result "fact.way_out_link" {
    addresses      = ["192.0.2.10", "192.0.2.11", "203.0.113.99"]
    point_to_point = false
  }
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 0
    loss_pct = 100
    icmp     = null
  }
  result "fact.remote_tcp" {
    connected = false
    refused   = false
    icmp      = null
  }
  result "fact.remote_trace" {
    reached      = false
    loop         = false
    silent_after = 2
    last_sender  = "203.0.113.1"
    icmp         = null
    hops         = [{ ttl = 1, sender = "192.0.2.1", rtt_ms = 1, icmp = { name = "ttl_exceeded" } }, { ttl = 2, sender = "203.0.113.1", rtt_ms = 2, icmp = { name = "ttl_exceeded" } }]

    reverse_path_drops = 0
  }
  result "fact.remote_from[\"second\"]" { received = 1 }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "source_address_wrong"
    explain    = "This computer sends to 198.51.100.25 from its address 192.0.2.10, and nothing comes back. From another address of the same adapter pings are answered…"
  }
}

run "this computer drops the answers" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 0
    loss_pct = 100
    icmp     = null
  }
  result "fact.remote_tcp" {
    connected = false
    refused   = false
    icmp      = null
  }
  result "fact.remote_trace" {
    reached      = false
    loop         = false
    silent_after = 1
    last_sender  = "192.0.2.1"
    icmp         = null
    hops         = [{ ttl = 1, sender = "192.0.2.1", rtt_ms = 1, icmp = { name = "ttl_exceeded" } }]

    reverse_path_drops = 10
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "local_reverse_path_filter"
    explain    = "Packets to 198.51.100.25 leave by eth0; while its answers were waited for, this computer itself dropped 10 packets…"
  }
}

run "a neighbour whose hardware address is not known loses packets" {
  site = "example"
  result "fact.way_out" {
    found     = true
    kind      = "unicast"
    on_link   = true
    gateway   = null
    gateways  = []
    interface = "eth0"
    source    = "192.0.2.10"
    prefix    = "192.0.0.0/2"
  }
  result "check.remote_subnet" {
    sent        = 3
    received    = 1
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 40
    loss_pct = 20
    icmp     = null
  }
  result "fact.remote_neighbour" {
    state     = "none"
    reachable = false
    mac       = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
  }
}

run "the remote host is the gateway itself and loses packets" {
  site = "example"
  vars = { remote_host = "192.0.2.1" }
  result "fact.way_out" {
    found     = true
    kind      = "unicast"
    on_link   = true
    gateway   = null
    gateways  = []
    interface = "eth0"
    source    = "192.0.2.10"
    prefix    = "192.0.0.0/2"
  }
  result "check.remote_subnet" {
    sent        = 3
    received    = 1
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 40
    loss_pct = 20
    icmp     = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
  }
}

run "a policy rule refuses the remote host" {
  site = "example"
  result "fact.way_out" {
    found    = true
    kind     = "prohibit"
    on_link  = false
    gateway  = null
    gateways = []
    prefix   = null
  }
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = "prohibited"
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "local_route_blocks"
    explain    = "…a \"prohibit\" entry or a policy rule of that kind: it refuses to send to 198.51.100.25."
    remedy     = "…ip rule and ip route show table all…"
  }
}
