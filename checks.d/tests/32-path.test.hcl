# Silence behind the gateway.

run "the gateway does not forward" {
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
    silent_after = 0
    last_sender  = null
    icmp         = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "gateway_not_forwarding"
    explain    = "The gateway 192.0.2.1 answers pings but nothing behind it is ever heard of…"
  }
}

run "the way is silent behind a router" {
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
    silent_after = 2
    last_sender  = "203.0.113.1"
    icmp         = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "path_broken"
    explain    = "The way to 198.51.100.25 is silent behind hop 2 (203.0.113.1)…"
  }
}

run "a firewall refuses the mail port in the name of the remote host, and is silent to pings" {
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
    refused   = true
    icmp      = { name = "port_unreachable", sender = "203.0.113.7", type = 3, code = 3 }
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
    cause      = "path_broken"
    explain    = "…silent behind hop 2…"
  }
}

run "the trace reaches the remote host, which answers no ping" {
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
    reached      = true
    silent_after = null
    last_sender  = "198.51.100.25"
    icmp         = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = null
    explain    = "198.51.100.25 does not answer, and nothing on the way says why. Most likely the remote side has the problem…"
  }
}

run "this computer itself gives up" {
  site = "example"
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
    cause      = "path_broken"
    explain    = "…silent behind hop 2…"
  }
}

run "this computer itself has no network" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "net_unreachable", sender = "192.0.2.10", type = 3, code = 0 }
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
    cause      = "path_broken"
    explain    = "…silent behind hop 2…"
  }
}

run "this computer itself says unreachable" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "unreachable", sender = "192.0.2.10", type = 3, code = 8 }
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
    cause      = "path_broken"
    explain    = "…silent behind hop 2…"
  }
}

run "not even the first router is heard of, and it filters pings" {
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
    silent_after = 0
    last_sender  = null
    icmp         = null
    hops         = []

    reverse_path_drops = 0
  }
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.beyond" { received = 1 }
  expect {
    verdict    = "fail"
    root_cause = [check.remote_subnet, check.default_gateway]
    check "remote_subnet" {
      cause   = "path_broken"
      explain = "Nothing is heard of the way to 198.51.100.25, not even of its first router…"
      remedy  = "…Ask whoever runs the first router, 192.0.2.1,…"
    }
  }
}

run "a tunnel as the default route is silent from the first router on" {
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
    silent_after = 0
    last_sender  = null
    icmp         = null
    hops         = []

    reverse_path_drops = 0
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "gateway_not_forwarding"
  }
}

run "the tunnel goes on, and is silent behind its other end" {
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
    last_sender  = "10.8.0.1"
    icmp         = null
    hops         = [{ ttl = 1, sender = "10.8.0.1", rtt_ms = 1, icmp = { name = "ttl_exceeded" } }]

    reverse_path_drops = 0
  }
  result "fact.way_out_link" {
    addresses      = ["192.0.2.10"]
    point_to_point = true
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "path_broken"
    explain    = "…silent behind hop 1 (10.8.0.1)…"
  }
}

run "the trace ends at its last distance" {
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
    silent_after = null
    last_sender  = "203.0.113.1"
    icmp         = null

    reverse_path_drops = 0
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = null
    explain    = "198.51.100.25 does not answer, and nothing on the way says why…"
  }
}

run "few packets were dropped by this computer" {
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

    reverse_path_drops = 9
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "path_broken"
    explain    = "…silent behind hop 2…"
  }
}

run "the kernel counts no dropped packets" {
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

    reverse_path_drops = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "path_broken"
    explain    = "…silent behind hop 2…"
  }
}

run "the tunnel to the remote subnet goes on, and is silent behind its other end" {
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
    last_sender  = "10.8.0.1"
    icmp         = null
    hops         = [{ ttl = 1, sender = "10.8.0.1", rtt_ms = 1, icmp = { name = "ttl_exceeded" } }]

    reverse_path_drops = 0
  }
  result "fact.way_out_link" {
    addresses      = ["192.0.2.10"]
    point_to_point = true
  }
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
  result "fact.remote_neighbour" {
    state = "noarp"
    mac   = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "path_broken"
    explain    = "…silent behind hop 1 (10.8.0.1)…"
  }
}

run "the host itself answers with an error that refuses nothing" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "other", sender = "198.51.100.25", type = 4, code = 0 }
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
    cause      = "path_broken"
    explain    = "…silent behind hop 2…"
  }
}

run "a tunnel answers TCP and no pings" {
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
    connected = true
    refused   = false
    icmp      = null
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
  result "fact.way_out_link" {
    addresses      = ["192.0.2.10"]
    point_to_point = true
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "path_filters_ping"
  }
}

run "another address answers for the remote host" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = null
    duplicates  = 0
    strangers   = 3
    answered_by = "198.51.100.99"
  }
  result "fact.remote_again" {
    sent     = 50
    received = 0
    loss_pct = 100
    icmp     = null
  }
  result "fact.remote_tcp" {
    connected = true
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
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "answered_by_another"
    explain    = "Pings to 198.51.100.25 are answered from 198.51.100.99:…"
  }
}

run "another address answers for the remote host, which refuses the port" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = null
    duplicates  = 0
    strangers   = 3
    answered_by = "198.51.100.99"
  }
  result "fact.remote_again" {
    sent     = 50
    received = 0
    loss_pct = 100
    icmp     = null
  }
  result "fact.remote_tcp" {
    connected = false
    refused   = true
    icmp      = null
  }
  result "fact.remote_trace" {
    reached      = false
    loop         = false
    silent_after = 2
    last_sender  = "203.0.113.1"
    icmp         = null
    hops         = [{ ttl = 1, sender = "192.0.2.1", rtt_ms = 1, icmp = { name = "ttl_exceeded" } }, { ttl = 2, sender = "203.0.113.1", rtt_ms = 2, icmp = { name = "ttl_exceeded" } }]
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "answered_by_another"
    explain    = "Pings to 198.51.100.25 are answered from 198.51.100.99:…"
  }
}

run "another address answers for the remote host, and nothing else does" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = null
    duplicates  = 0
    strangers   = 3
    answered_by = "198.51.100.99"
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
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "path_broken"
  }
}

run "each ping to the remote host is answered twice" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 3
    loss_pct    = 0
    rtt_avg_ms  = 12
    duplicates  = 3
    strangers   = 0
    local_error = null
    icmp        = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "duplicate_replies"
    explain    = "…answered more than once (3 replies too many)…"
  }
}

run "the gateway sends the pings elsewhere" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = null
    strangers   = 0
    duplicates  = 0
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
  result "fact.way_redirected" { redirected_to = "192.0.2.77" }
  result "fact.remote_trace" {
    reached      = false
    loop         = false
    silent_after = 0
    last_sender  = null
    icmp         = null
    hops         = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "gateway_redirects"
    explain    = "The gateway 192.0.2.1 told this computer to send packets to 198.51.100.25 through 192.0.2.77 instead (an ICMP redirect)…"
  }
}

run "the gateway sends the pings elsewhere, and the trace arrives" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = null
    strangers   = 0
    duplicates  = 0
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
  result "fact.way_redirected" { redirected_to = "192.0.2.77" }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = null
  }
}
