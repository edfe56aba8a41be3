# A host on the same subnet.

run "the subnet mask is too narrow" {
  description = "The router sends a redirect, or carries the packets back, so that everything looks green: the host answers. The mask is wrong all the same."
  site        = "example"
  result "check.adapter" {
    name           = "eth0"
    found          = true
    admin_up       = true
    carrier        = true
    addresses      = ["192.0.2.10"]
    prefix_lengths = [28]
    idle           = []
    duplicates     = []
  }
  result "fact.subnet_route" {
    found   = true
    kind    = "unicast"
    on_link = false
    gateway = "192.0.2.1"
    prefix  = "0.0.0.0/0"
  }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = "subnet_mask_wrong"
    explain    = "192.0.2.20 should be on this computer's own subnet, but…through the gateway 192.0.2.1…"
    status     = { loopback = "pass", adapter = "pass", default_gateway = "blocked", remote_subnet = "blocked", path_mtu = "blocked", dns = "blocked", smtp = "blocked" }
  }
}

run "the address is of another subnet and no router is known" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = "no_route"
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.subnet_route" {
    found   = false
    on_link = false
    gateway = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = "subnet_mask_wrong"
  }
}

run "subnet_host is this computer's own address" {
  site = "example"
  result "fact.subnet_route" {
    found   = true
    kind    = "local"
    on_link = true
    prefix  = "192.0.2.20/32"
  }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = "subnet_host_is_this_computer"
    explain    = "192.0.2.20 is this computer's own address…says nothing about the subnet."
  }
}

run "this computer's firewall keeps pings to the subnet in" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = "filtered"
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = "local_filter"
    explain    = "This computer's own firewall does not let pings to 192.0.2.20 out."
  }
}

run "a blackhole route swallows the subnet" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = "blackhole"
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.subnet_route" {
    found   = true
    kind    = "blackhole"
    on_link = false
    prefix  = "192.0.2.20/32"
  }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = "local_route_blocks"
    explain    = "…a \"blackhole\" entry for 192.0.2.20/32…"
    remedy     = "…ip route del blackhole 192.0.2.20/32…"
  }
}

run "two of twenty pings to the subnet are lost" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 2
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 18
    loss_pct = 10
  }
  expect {
    verdict    = "warn"
    root_cause = check.local_subnet
    cause      = "packet_loss"
    explain    = "Of 20 pings to 192.0.2.20, 10 % were lost, although…"
    status     = { default_gateway = "pass", smtp = "pass" }
  }
}

run "one lost ping to the subnet is no reason to warn" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 2
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 20
    loss_pct = 0
  }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "one of twenty, right at the limit, is a warning" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 2
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 19
    loss_pct = 5
  }
  expect {
    verdict    = "warn"
    root_cause = check.local_subnet
  }
}

run "the first three pings to the subnet are lost, later ones are not" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 15
    loss_pct = 25
  }
  expect {
    verdict    = "warn"
    root_cause = check.local_subnet
    cause      = "packet_loss"
    status     = { default_gateway = "pass" }
  }
}

run "the neighbour ignores pings" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  expect {
    verdict    = "warn"
    root_cause = check.local_subnet
    cause      = "subnet_host_filters_ping"
    explain    = "192.0.2.20 is there (it answers for its hardware address 02:00:00:00:00:20)…"
    status     = { default_gateway = "pass", smtp = "pass" }
  }
}

run "the neighbour is switched off" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.subnet_neighbour" {
    state     = "failed"
    reachable = false
  }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = "subnet_host_down"
    explain    = "192.0.2.20 does not even answer for its hardware address: it is switched off…"
    remedy     = "…192.0.2.0/24…"
    evidence   = { "fact.subnet_neighbour.reachable" = false }
  }
}

run "this computer is cut off from its subnet" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.subnet_neighbour" {
    state     = "failed"
    reachable = false
  }
  result "fact.gateway_neighbour" {
    state     = "failed"
    reachable = false
  }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = "subnet_isolated"
    explain    = "Neither 192.0.2.20 nor the gateway answers on the cable…"
    evidence   = { "fact.gateway_neighbour.reachable" = false }
  }
}

run "a route to the subnet that was half looked at accuses nobody" {
  site = "example"
  result "fact.subnet_route" {
    found   = true
    on_link = false
  }
  expect {
    verdict       = "fail"
    root_cause    = check.local_subnet
    cause         = null
    explain       = "192.0.2.20 could not be shown to be a computer on this computer's own subnet that answers: 3 of 3 pings came back."
    not_ruled_out = ["local_route_shadows", "subnet_mask_wrong", "subnet_host_is_this_computer", "local_route_blocks", "packet_loss"]
  }
}

run "a fixed entry has the wrong hardware address for the neighbour" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.subnet_neighbour" {
    state        = "permanent"
    reachable    = false
    mac          = "02:00:00:00:00:99"
    answered_mac = "02:00:00:00:00:20"
  }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = "subnet_neighbour_wrong"
    explain    = "A fixed entry on this computer…192.0.2.20…02:00:00:00:00:99, and no ping that is sent there is answered."
  }
}

run "a fixed entry for a neighbour that is switched off" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.subnet_neighbour" {
    state        = "permanent"
    reachable    = false
    mac          = "02:00:00:00:00:20"
    answered_mac = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = "subnet_host_down"
  }
}

run "a fixed entry for a neighbour that ignores pings is not to blame" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.subnet_neighbour" {
    state        = "permanent"
    reachable    = true
    mac          = "02:00:00:00:00:20"
    answered_mac = "02:00:00:00:00:20"
  }
  expect {
    verdict    = "warn"
    root_cause = check.local_subnet
    cause      = "subnet_host_filters_ping"
  }
}

run "the subnet mask is wrong, or another adapter is meant that is off" {
  site = "example"
  result "check.adapter" {
    name           = "eth0"
    found          = true
    admin_up       = true
    carrier        = true
    addresses      = ["198.51.100.77"]
    prefix_lengths = [24]
    idle           = ["eth1", "eth2"]
    duplicates     = []
  }
  result "fact.subnet_route" {
    found   = true
    kind    = "unicast"
    on_link = false
    gateway = "198.51.100.1"
    prefix  = "0.0.0.0/0"
  }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = "subnet_mask_wrong"
    explain    = "…through the gateway 198.51.100.1. The subnet mask or the address…or another adapter leads there (eth1, eth2: off…"
  }
}

run "a route of its own leads to the neighbour by the router" {
  site = "example"
  result "fact.subnet_route" {
    found     = true
    kind      = "unicast"
    on_link   = false
    gateway   = "192.0.2.1"
    prefix    = "192.0.2.20/32"
    table     = 254
    interface = "eth0"
  }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = "local_route_shadows"
    explain    = "By the address and mask of eth0, 192.0.2.20 is on this computer's own subnet, but…(192.0.2.20/32, table main) comes first and sends packets through 192.0.2.1."
    remedy     = "…ip route get 192.0.2.20…"
  }
}

run "a bridge of containers has the neighbour's addresses" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.subnet_route" {
    found     = true
    kind      = "unicast"
    on_link   = true
    gateway   = null
    prefix    = "192.0.2.16/28"
    table     = 100
    interface = "docker0"
  }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = "local_route_shadows"
    explain    = "…(192.0.2.16/28, table 100) comes first and sends packets out by docker0."
  }
}

run "a neighbour that is reached by a second adapter and answers is fine" {
  site = "example"
  result "fact.subnet_route" {
    found     = true
    kind      = "unicast"
    on_link   = true
    gateway   = null
    prefix    = "192.0.2.0/24"
    interface = "eth1"
  }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "a cloud gives addresses without a subnet" {
  site = "example"
  result "check.adapter" {
    name           = "eth0"
    found          = true
    admin_up       = true
    carrier        = true
    addresses      = ["192.0.2.10", "2001:db8:1::10"]
    prefix_lengths = [32, 128]
    idle           = []
    duplicates     = []
  }
  result "fact.subnet_route" {
    found   = true
    kind    = "unicast"
    on_link = false
    gateway = "192.0.2.1"
    prefix  = "0.0.0.0/0"
    table   = 254
  }
  expect {
    verdict    = "warn"
    root_cause = check.local_subnet
    cause      = "subnet_host_behind_gateway"
    explain    = "192.0.2.20 answers, but through 192.0.2.1…"
    status     = { default_gateway = "pass", smtp = "pass" }
  }
}

run "a mask of one address, and the neighbour is silent" {
  site = "example"
  result "check.adapter" {
    name           = "eth0"
    found          = true
    admin_up       = true
    carrier        = true
    addresses      = ["192.0.2.10"]
    prefix_lengths = [32]
    idle           = []
    duplicates     = []
  }
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.subnet_route" {
    found   = true
    kind    = "unicast"
    on_link = false
    gateway = "192.0.2.1"
    prefix  = "0.0.0.0/0"
    table   = 254
  }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = "subnet_mask_wrong"
    explain    = "…packets to it would go through the gateway 192.0.2.1…"
  }
}

run "a policy rule refuses" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = "prohibited"
    duplicates  = 0
    strangers   = 0
  }
  result "fact.subnet_route" {
    found   = true
    kind    = "prohibit"
    on_link = false
    gateway = null
    prefix  = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = "local_route_blocks"
    explain    = "This computer's routing table holds a \"prohibit\" entry or a policy rule of that kind: it refuses to send to 192.0.2.20."
    remedy     = "…ip rule and ip route show table all…"
  }
}

run "each ping to the subnet is answered twice" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 3
    local_error = null
    duplicates  = 2
    strangers   = 0
  }
  expect {
    verdict    = "warn"
    root_cause = check.local_subnet
    cause      = "duplicate_replies"
    explain    = "Pings to 192.0.2.20 are answered more than once (2 replies too many)…"
    status     = { default_gateway = "pass" }
  }
}

run "one reply too many is no reason to warn" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 3
    local_error = null
    duplicates  = 1
    strangers   = 0
  }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "another address answers the pings to the subnet" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 3
    answered_by = "192.0.2.99"
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  expect {
    verdict    = "warn"
    root_cause = check.local_subnet
    cause      = "answered_by_another"
    explain    = "Pings to 192.0.2.20 are answered from 192.0.2.99…"
    status     = { default_gateway = "pass" }
  }
}

run "a neighbour that answered once and then no more has lost packets" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 1
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  expect {
    verdict    = "warn"
    root_cause = check.local_subnet
    cause      = "packet_loss"
    explain    = "Of 20 pings to 192.0.2.20, 100 % were lost…(of 3 before them 1 came back)."
  }
}

run "the first three are lost, and later one in a hundred" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 20
    loss_pct = 0
  }
  expect {
    verdict    = "warn"
    root_cause = check.local_subnet
    cause      = "packet_loss"
  }
}

run "twice is a warning even where some were lost before and none again" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 2
    local_error = null
    duplicates  = 2
    strangers   = 0
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 20
    loss_pct = 0
  }
  expect {
    verdict    = "warn"
    root_cause = check.local_subnet
    cause      = "duplicate_replies"
  }
}

run "nobody could ask for the neighbour" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.subnet_neighbour" { state = "delay" }
  expect {
    verdict       = "fail"
    root_cause    = check.local_subnet
    cause         = null
    not_ruled_out = ["subnet_host_filters_ping", "subnet_host_down"]
  }
}

run "link-local addresses without their adapter" {
  description = "They are on every adapter: the one that leads out is meant."
  site        = "example"
  vars        = { subnet_host = "fe80::20", default_gateway = "fe80::1" }
  result "check.local_subnet" {
    sent        = 3
    received    = 2
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 18
    loss_pct = 10
  }
  result "fact.way_out" {
    found    = true
    kind     = "unicast"
    on_link  = false
    gateway  = "fe80::1%eth0"
    gateways = ["fe80::1%eth0"]
    prefix   = "::/0"
    table    = 254
  }
  result "check.default_gateway" {
    sent        = 3
    received    = 2
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 20
    loss_pct = 0
  }
  result "fact.gateway_through" { loss_pct = 0 }
  expect {
    verdict    = "warn"
    root_cause = check.local_subnet
    cause      = "packet_loss"
    explain    = "Of 20 pings to fe80::20%eth0…"
    status     = { default_gateway = "pass" }
  }
}

run "link-local addresses without their adapter, of hosts that are off" {
  site = "example"
  vars = { subnet_host = "fe80::20", default_gateway = "fe80::1" }
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.subnet_neighbour" {
    state     = "failed"
    reachable = false
  }
  result "fact.gateway_neighbour" {
    state     = "failed"
    reachable = false
  }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = "subnet_isolated"
  }
}

run "a multicast entry for the neighbour's subnet is neither a mask nor a shadow" {
  site = "example"
  result "fact.subnet_route" {
    found     = true
    kind      = "multicast"
    on_link   = false
    gateway   = null
    prefix    = "192.0.2.0/24"
    interface = "eth0"
  }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = "subnet_mask_wrong"
  }
}

run "the adapter does not ask for hardware addresses" {
  site = "example"
  result "check.adapter" {
    name           = "eth0"
    found          = true
    admin_up       = true
    carrier        = true
    addresses      = ["192.0.2.10"]
    prefix_lengths = [24]
    duplicates     = []
    point_to_point = false
  }
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.subnet_neighbour" { state = "noarp" }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = "adapter_without_arp"
    explain    = "…the adapter eth0 is set not to ask for hardware addresses (NOARP)…"
    remedy     = "…ip link set eth0 arp on…"
  }
}

run "the host on the same subnet is a broadcast address" {
  site = "example"
  result "check.adapter" {
    name           = "eth0"
    found          = true
    admin_up       = true
    carrier        = true
    addresses      = ["192.0.2.10"]
    prefix_lengths = [24]
    duplicates     = []
    point_to_point = false
  }
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.subnet_route" {
    found     = true
    kind      = "broadcast"
    on_link   = true
    gateway   = null
    prefix    = "192.0.2.20/32"
    interface = "eth0"
  }
  result "fact.subnet_neighbour" { state = "noarp" }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = null
  }
}

run "the host on the same subnet is the silent other end of a tunnel" {
  site = "example"
  result "check.adapter" {
    name           = "eth0"
    found          = true
    admin_up       = true
    carrier        = true
    addresses      = ["192.0.2.10"]
    prefix_lengths = [24]
    duplicates     = []
    point_to_point = true
  }
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.subnet_neighbour" { state = "noarp" }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = null
  }
}

run "the gateway is the host on the same subnet, and off" {
  description = "One silent address is no whole subnet."
  site        = "example"
  vars        = { subnet_host = "192.0.2.1" }
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.subnet_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.subnet_neighbour" {
    state     = "failed"
    reachable = false
  }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = "subnet_host_down"
  }
}
