# Routers that report that the remote host does not answer.

run "the last router says that nobody is there" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "host_unreachable", sender = "198.51.100.1" }
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
    hops    = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "remote_host_down"
    explain    = "…works up to 198.51.100.1, which reports that 198.51.100.25 does not answer…"
  }
}

run "the remote host is off and the last router says so 3 s later" {
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
    icmp     = { name = "host_unreachable", sender = "198.51.100.1" }
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
    hops         = [{ ttl = 1, sender = "192.0.2.1", rtt_ms = 1, icmp = { name = "ttl_exceeded" } }, { ttl = 2, sender = "203.0.113.1", rtt_ms = 2, icmp = { name = "ttl_exceeded" } }]
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "remote_host_down"
    explain    = "…works up to 198.51.100.1, which reports…"
  }
}

run "the remote host is off and the last router tells the trace alone" {
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
    last_sender  = "198.51.100.1"
    icmp         = { name = "host_unreachable", sender = "198.51.100.1" }
    hops         = [{ ttl = 1, sender = "192.0.2.1", rtt_ms = 1, icmp = { name = "ttl_exceeded" } }, { ttl = 2, sender = "203.0.113.1", rtt_ms = 2, icmp = { name = "ttl_exceeded" } }, { ttl = 3, sender = "198.51.100.1", rtt_ms = 3, icmp = { name = "host_unreachable" } }]
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "remote_host_down"
    explain    = "…works up to 198.51.100.1, which reports…"
  }
}

run "the last router tells TCP alone" {
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
    icmp      = { name = "host_unreachable", sender = "198.51.100.1", type = 3, code = 1 }
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
    cause      = "remote_host_down"
    explain    = "…works up to 198.51.100.1, which reports that 198.51.100.25 does not answer: it is switched off or unplugged, or the link behind that router is dead."
  }
}

run "the last router tells the second attempt alone" {
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
    icmp      = { name = "host_unreachable", sender = "198.51.100.1", type = 3, code = 1 }
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "remote_host_down"
    explain    = "…works up to 198.51.100.1…"
  }
}

run "the last router tells the third attempt alone" {
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
    icmp      = { name = "host_unreachable", sender = "198.51.100.1", type = 3, code = 1 }
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "remote_host_down"
    explain    = "…works up to 198.51.100.1…"
  }
}

run "the last router tells the fourth attempt alone" {
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
    icmp      = { name = "host_unreachable", sender = "198.51.100.1", type = 3, code = 1 }
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "remote_host_down"
    explain    = "…works up to 198.51.100.1…"
  }
}

run "host unreachable at once may be a firewall's word" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "host_unreachable", sender = "203.0.113.1", type = 3, code = 1 }
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
    icmp         = { name = "host_unreachable", sender = "203.0.113.1" }
    hops         = [{ ttl = 1, sender = "192.0.2.1", rtt_ms = 1, icmp = { name = "ttl_exceeded" } }, { ttl = 2, sender = "203.0.113.1", rtt_ms = 199, icmp = { name = "host_unreachable" } }]

    reverse_path_drops = 0
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "remote_host_down"
    explain    = "…It said so at once…it may as well be a firewall…"
  }
}

run "host unreachable after a look for the host" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "host_unreachable", sender = "203.0.113.1", type = 3, code = 1 }
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
    icmp         = { name = "host_unreachable", sender = "203.0.113.1" }
    hops         = [{ ttl = 1, sender = "192.0.2.1", rtt_ms = 1, icmp = { name = "ttl_exceeded" } }, { ttl = 2, sender = null, rtt_ms = null, icmp = null }, { ttl = 3, sender = "203.0.113.1", rtt_ms = 200, icmp = { name = "host_unreachable" } }]

    reverse_path_drops = 0
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "remote_host_down"
    explain    = "…or the link behind that router is dead."
  }
}

run "a router behind the tunnel reports that the remote host does not answer" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = null
    icmp        = { name = "host_unreachable", sender = "198.51.100.1", type = 3, code = 1 }
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
    cause      = "remote_host_down"
    explain    = "The way to the remote subnet works up to 198.51.100.1…"
    remedy     = "…whether the router that reports it sees it…"
  }
}
