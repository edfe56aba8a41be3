# A host on the same subnet.

run "the subnet mask is too narrow" {
  description = "The router sends a redirect, or carries the packets back, so that everything looks green: the host answers. The mask is wrong all the same."
  site        = "example"
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
    explain    = "192.0.2.20 should be on this computer's own subnet, but…through 192.0.2.1…"
    status     = { loopback = "pass", adapter = "pass", default_gateway = "blocked", remote_subnet = "blocked", path_mtu = "blocked", dns = "blocked", smtp = "blocked" }
  }
}

run "the address is of another subnet and no router is known" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = "no_route"
  }
  result "fact.subnet_route" {
    found   = false
    on_link = false
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
    explain    = "192.0.2.20 does not even answer for its hardware address, while others…"
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
    explain       = "192.0.2.20 on this computer's own subnet does not answer."
    not_ruled_out = ["subnet_mask_wrong", "subnet_host_is_this_computer", "local_route_blocks", "packet_loss"]
  }
}

run "a fixed entry has the wrong hardware address for the neighbour" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
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
    explain    = "A fixed entry on this computer…192.0.2.20…02:00:00:00:00:99; nobody answers there (asked for 192.0.2.20, the subnet answers with 02:00:00:00:00:20)."
  }
}

run "a fixed entry for a neighbour that is switched off" {
  site = "example"
  result "check.local_subnet" {
    sent        = 3
    received    = 0
    local_error = null
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

run "a fixed entry for a neighbour that answers is not to blame" {
  site = "example"
  result "fact.subnet_route" {
    found   = true
    on_link = false
  }
  result "fact.subnet_neighbour" {
    state        = "permanent"
    reachable    = true
    mac          = "02:00:00:00:00:20"
    answered_mac = "02:00:00:00:00:20"
  }
  expect {
    verdict    = "fail"
    root_cause = check.local_subnet
    cause      = null
  }
}
