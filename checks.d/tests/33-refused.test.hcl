# Routers that say why they send packets to the remote host no further.

run "packets go round in a circle" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 20
    received = 0
    loss_pct = 100
    icmp     = null
  }
  result "fact.remote_tcp" {
    connected = false
    refused   = false
  }
  result "fact.remote_trace" {
    loop        = true
    reached     = false
    last_sender = "203.0.113.1"
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "routing_loop"
    explain    = "Packets to 198.51.100.25 go round in a circle…(last 203.0.113.1)."
  }
}

run "a filter on the way prohibits it" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "admin_prohibited", sender = "203.0.113.1" }
  }
  result "fact.remote_again" {
    sent     = 20
    received = 0
    loss_pct = 100
    icmp     = null
  }
  result "fact.remote_tcp" {
    connected = false
    refused   = false
  }
  result "fact.remote_trace" {
    loop    = false
    reached = false
    icmp    = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "path_prohibited"
    explain    = "203.0.113.1 refuses to let packets to 198.51.100.25 through…"
    remedy     = "Ask whoever runs 203.0.113.1 to let this computer reach 198.51.100.25."
  }
}

run "a router has no route" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "net_unreachable", sender = "203.0.113.1" }
  }
  result "fact.remote_again" {
    sent     = 20
    received = 0
    loss_pct = 100
    icmp     = null
  }
  result "fact.remote_tcp" {
    connected = false
    refused   = false
  }
  result "fact.remote_trace" {
    loop    = false
    reached = false
    icmp    = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "no_route_to_remote"
    explain    = "The router 203.0.113.1 has no route to 198.51.100.25, or a filter there says so."
  }
}

run "a filter prohibits it and says so only to a later ping" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 20
    received = 0
    loss_pct = 100
    icmp     = { name = "admin_prohibited", sender = "203.0.113.7" }
  }
  result "fact.remote_tcp" {
    connected = false
    refused   = false
    icmp      = null
  }
  result "fact.remote_trace" {
    loop         = false
    reached      = false
    silent_after = 2
    last_sender  = "203.0.113.1"
    icmp         = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "path_prohibited"
    explain    = "203.0.113.7 refuses…"
  }
}

run "a filter prohibits it and says so only to the trace" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 20
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
    loop         = false
    reached      = false
    silent_after = null
    last_sender  = "203.0.113.7"
    icmp         = { name = "admin_prohibited", sender = "203.0.113.7" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "path_prohibited"
    explain    = "203.0.113.7 refuses…"
  }
}

run "a router has no route and says so only to a later ping" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 20
    received = 0
    loss_pct = 100
    icmp     = { name = "net_unreachable", sender = "203.0.113.7" }
  }
  result "fact.remote_tcp" {
    connected = false
    refused   = false
    icmp      = null
  }
  result "fact.remote_trace" {
    loop         = false
    reached      = false
    silent_after = 2
    last_sender  = "203.0.113.1"
    icmp         = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "no_route_to_remote"
    explain    = "The router 203.0.113.7 has no route…"
  }
}

run "a router has no route and says so only to the trace" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 20
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
    loop         = false
    reached      = false
    silent_after = null
    last_sender  = "203.0.113.7"
    icmp         = { name = "net_unreachable", sender = "203.0.113.7" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "no_route_to_remote"
    explain    = "The router 203.0.113.7 has no route…"
  }
}

run "a router turns packets away with a code that has no word of its own" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "unreachable", sender = "203.0.113.1", type = 3, code = 14 }
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
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "path_prohibited"
    explain    = "203.0.113.1 refuses…it says \"unreachable\". A filter there turns them away."
  }
}

run "the host's own firewall rejects" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "admin_prohibited", sender = "198.51.100.25", type = 3, code = 13 }
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
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "path_prohibited"
    explain    = "198.51.100.25 refuses…That is the host itself: it is up, and its own firewall keeps this computer out."
  }
}

run "the host itself says that it is unreachable" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "host_unreachable", sender = "198.51.100.25", type = 3, code = 1 }
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
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "path_prohibited"
    explain    = "198.51.100.25 refuses…That is the host itself…"
  }
}

run "the host itself says that its network is unreachable" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "net_unreachable", sender = "198.51.100.25", type = 3, code = 0 }
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
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "path_prohibited"
    explain    = "…That is the host itself…"
  }
}

run "a router without a route tells the second attempt alone" {
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
    silent_after = 2
    last_sender  = "203.0.113.1"
    icmp         = null
    hops         = [{ ttl = 1, sender = "192.0.2.1", rtt_ms = 1, icmp = { name = "ttl_exceeded" } }, { ttl = 2, sender = "203.0.113.1", rtt_ms = 2, icmp = { name = "ttl_exceeded" } }]

    reverse_path_drops = 0
  }
  result "fact.remote_attempt[\"second\"]" {
    connected = false
    refused   = false
    icmp      = { name = "net_unreachable", sender = "203.0.113.7", type = 3, code = 0 }
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "no_route_to_remote"
    explain    = "The router 203.0.113.7 has no route…"
  }
}

run "a router without a route tells the third attempt alone" {
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
    silent_after = 2
    last_sender  = "203.0.113.1"
    icmp         = null
    hops         = [{ ttl = 1, sender = "192.0.2.1", rtt_ms = 1, icmp = { name = "ttl_exceeded" } }, { ttl = 2, sender = "203.0.113.1", rtt_ms = 2, icmp = { name = "ttl_exceeded" } }]

    reverse_path_drops = 0
  }
  result "fact.remote_attempt[\"third\"]" {
    connected = false
    refused   = false
    icmp      = { name = "net_unreachable", sender = "203.0.113.7", type = 3, code = 0 }
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "no_route_to_remote"
    explain    = "The router 203.0.113.7 has no route…"
  }
}

run "a router without a route tells the fourth attempt alone" {
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
    silent_after = 2
    last_sender  = "203.0.113.1"
    icmp         = null
    hops         = [{ ttl = 1, sender = "192.0.2.1", rtt_ms = 1, icmp = { name = "ttl_exceeded" } }, { ttl = 2, sender = "203.0.113.1", rtt_ms = 2, icmp = { name = "ttl_exceeded" } }]

    reverse_path_drops = 0
  }
  result "fact.remote_attempt[\"fourth\"]" {
    connected = false
    refused   = false
    icmp      = { name = "net_unreachable", sender = "203.0.113.7", type = 3, code = 0 }
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "no_route_to_remote"
    explain    = "The router 203.0.113.7 has no route…"
  }
}

run "a router without a route tells TCP alone" {
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
    icmp      = { name = "net_unreachable", sender = "203.0.113.7", type = 3, code = 0 }
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
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "no_route_to_remote"
    explain    = "The router 203.0.113.7 has no route…"
  }
}

run "the time of packets runs out" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "ttl_exceeded", sender = "203.0.113.9", type = 11, code = 0 }
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
    silent_after = null
    last_sender  = "203.0.113.1"
    icmp         = null

    reverse_path_drops = 0
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "routing_loop"
    explain    = "Packets to 198.51.100.25 go round in a circle: they were sent on so often that their time ran out at 203.0.113.9."
    remedy     = "Tell whoever runs 203.0.113.9…"
  }
}

run "the time of packets runs out, and a later ping hears of it" {
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
    icmp     = { name = "ttl_exceeded", sender = "203.0.113.9", type = 11, code = 0 }
  }
  result "fact.remote_tcp" {
    connected = false
    refused   = false
    icmp      = null
  }
  result "fact.remote_trace" {
    reached      = false
    loop         = false
    silent_after = null
    last_sender  = "203.0.113.1"
    icmp         = null

    reverse_path_drops = 0
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "routing_loop"
    explain    = "Packets to 198.51.100.25 go round in a circle: they were sent on so often that their time ran out at 203.0.113.9."
    remedy     = "Tell whoever runs 203.0.113.9…"
  }
}

run "a router does not take this computer's source address" {
  site = "example"
  vars = { remote_host = "2001:db8:2::25" }
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "admin_prohibited", sender = "2001:db8:9::1", type = 1, code = 5 }
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
  result "fact.way_out_link" {
    addresses      = ["192.0.2.10", "2001:db8:1::10"]
    point_to_point = false
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "source_address_wrong"
    explain    = "…A router says that it does not send on packets with that source address…"
  }
}

run "the source address reaches less far than the target's" {
  site = "example"
  vars = { remote_host = "2001:db8:2::25" }
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "unreachable", sender = "2001:db8:9::1", type = 1, code = 2 }
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
  result "fact.way_out_link" {
    addresses      = ["192.0.2.10", "2001:db8:1::10"]
    point_to_point = false
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "source_address_wrong"
    explain    = "…A router says…"
  }
}

run "an IPv6 router refuses for another reason" {
  site = "example"
  vars = { remote_host = "2001:db8:2::25" }
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "admin_prohibited", sender = "2001:db8:9::1", type = 1, code = 1 }
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
  result "fact.way_out_link" {
    addresses      = ["192.0.2.10", "2001:db8:1::10"]
    point_to_point = false
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "path_prohibited"
    explain    = "2001:db8:9::1 refuses…"
  }
}

run "an IPv6 router refuses with a parameter problem" {
  site = "example"
  vars = { remote_host = "2001:db8:2::25" }
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "parameter_problem", sender = "2001:db8:9::1", type = 4, code = 2 }
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
  result "fact.way_out_link" {
    addresses      = ["192.0.2.10", "2001:db8:1::10"]
    point_to_point = false
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "path_prohibited"
    explain    = "2001:db8:9::1 refuses…\"parameter_problem\"…"
  }
}

run "an IPv4 router refuses with the number of an IPv6 source error" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "unreachable", sender = "203.0.113.1", type = 3, code = 5 }
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
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "path_prohibited"
    explain    = "203.0.113.1 refuses…"
  }
}
