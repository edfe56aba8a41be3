# A host on the remote subnet, 198.51.100.25, and everything between.

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
    found   = true
    kind    = "local"
    on_link = true
    gateway = null
    prefix  = "198.51.100.25/32"
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
    found   = false
    kind    = null
    on_link = false
    gateway = null
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
    found   = true
    kind    = "unicast"
    on_link = true
    gateway = null
    prefix  = "192.0.0.0/2"
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
    status     = { default_gateway = "pass", dns = "blocked" }
  }
}

run "proxy ARP hides that the subnet mask is too wide" {
  site = "example"
  result "fact.way_out" {
    found   = true
    kind    = "unicast"
    on_link = true
    gateway = null
    prefix  = "192.0.0.0/2"
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
    status     = { path_mtu = "pass", dns = "pass", smtp = "pass" }
  }
}

run "the remote host is a neighbour in truth" {
  site = "example"
  result "fact.way_out" {
    found   = true
    kind    = "unicast"
    on_link = true
    gateway = null
    prefix  = "192.0.0.0/2"
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
    found   = true
    kind    = "unicast"
    on_link = true
    gateway = null
    prefix  = "192.0.2.0/24"
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
    found   = true
    kind    = "unicast"
    on_link = true
    gateway = null
    prefix  = "192.0.0.0/2"
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

run "pings are filtered on the way, and TCP gets through" {
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
    connected = true
    refused   = false
    icmp      = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "path_filters_ping"
    explain    = "198.51.100.25 can be reached by TCP (port 25)…"
    status     = { path_mtu = "skipped", dns = "pass", smtp = "pass" }
  }
}

run "pings are filtered on the way, and the remote host itself refuses the port" {
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
    icmp      = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "path_filters_ping"
  }
}

run "half of the packets are lost on the way" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 1
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 20
    received = 10
    loss_pct = 50
    icmp     = null
  }
  result "fact.remote_trace" { last_sender = "203.0.113.1" }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
    explain    = "Of 20 pings to 198.51.100.25, 50 % were lost on the way…"
    remedy     = "…(203.0.113.1 was the last to answer)…"
    status     = { path_mtu = "pass", smtp = "pass" }
  }
}

run "one lost ping on the way is no reason to warn" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 2
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 20
    received = 20
    loss_pct = 0
    icmp     = null
  }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "the way is slower than the site allows" {
  site = "example"
  vars = { max_rtt_ms = 10 }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "slow_path"
    explain    = "Answers from 198.51.100.25 take 12 ms on average; the site's limit is 10 ms."
    status     = { smtp = "pass" }
  }
}

run "the way is just as fast as the site allows" {
  site = "example"
  vars = { max_rtt_ms = 12 }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

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
    remedy     = "Ask whoever runs that router to let this computer reach 198.51.100.25."
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
    explain    = "The router 203.0.113.1 has no route to 198.51.100.25."
  }
}

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
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "remote_host_down"
    explain    = "…works up to 198.51.100.1, which reports that 198.51.100.25 does not answer…"
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
    silent_after = 2
    last_sender  = "203.0.113.1"
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
    silent_after = 2
    last_sender  = "203.0.113.1"
    icmp         = { name = "net_unreachable", sender = "203.0.113.7" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "no_route_to_remote"
    explain    = "The router 203.0.113.7 has no route…"
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
    silent_after = 2
    last_sender  = "203.0.113.1"
    icmp         = { name = "host_unreachable", sender = "198.51.100.1" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "remote_host_down"
    explain    = "…works up to 198.51.100.1, which reports…"
  }
}

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
    explain    = "The gateway answers pings but nothing behind it is ever heard of…"
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
    explain    = "198.51.100.25 does not answer. Most likely the remote side has the problem…"
  }
}

run "a neighbour that is slow" {
  site = "example"
  vars = { max_rtt_ms = 10 }
  result "fact.way_out" {
    found   = true
    kind    = "unicast"
    on_link = true
    gateway = null
    prefix  = "192.0.0.0/2"
  }
  result "fact.remote_neighbour" {
    state     = "reachable"
    reachable = true
    mac       = "02:00:00:00:00:25"
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "slow_path"
  }
}

run "a neighbour that ignores pings" {
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
  result "fact.way_out" {
    found   = true
    kind    = "unicast"
    on_link = true
    gateway = null
    prefix  = "192.0.0.0/2"
  }
  result "fact.remote_neighbour" {
    state     = "reachable"
    reachable = true
    mac       = "02:00:00:00:00:25"
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "path_filters_ping"
  }
}

run "a slow way on which one ping was lost is slow, not lossy" {
  site = "example"
  vars = { max_rtt_ms = 10 }
  result "check.remote_subnet" {
    sent        = 3
    received    = 2
    loss_pct    = 33.3
    rtt_avg_ms  = 12
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 20
    received = 20
    loss_pct = 0
    icmp     = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "slow_path"
  }
}
