# Pings to the remote host that are lost, late or filtered.

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
    status     = { path_mtu = "pass", dns = "pass", smtp = "pass" }
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
    explain    = "198.51.100.25 can be reached by TCP (port 25, which it refuses)…not one of 23 came back."
    remedy     = "…could not be tested…"
    status     = { path_mtu = "skipped" }
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
    sent     = 50
    received = 25
    loss_pct = 50
    icmp     = null
  }
  result "fact.remote_trace" { last_sender = "203.0.113.1" }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
    explain    = "Of 50 pings to 198.51.100.25, 50 % were lost on the way…"
    remedy     = "…(203.0.113.1 was the last to answer)…"
    status     = { path_mtu = "pass", smtp = "pass" }
  }
}

run "one lost ping on the way is no reason to warn" {
  site = "example"
  result "check.remote_subnet" {
    duplicates  = 0
    sent        = 3
    received    = 2
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 50
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

run "a neighbour that is slow" {
  site = "example"
  vars = { max_rtt_ms = 10 }
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
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "path_filters_ping"
  }
}

run "a slow way on which one ping was lost is slow, not lossy" {
  site = "example"
  vars = { max_rtt_ms = 10 }
  result "check.remote_subnet" {
    duplicates  = 0
    sent        = 3
    received    = 2
    loss_pct    = 33.3
    rtt_avg_ms  = 12
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 50
    loss_pct = 0
    icmp     = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "slow_path"
  }
}

run "most is lost, of TCP as well" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    rtt_avg_ms  = null
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 5
    loss_pct = 90
    icmp     = null
  }
  result "fact.lossy_attempt[\"first\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.lossy_attempt[\"second\"]" {
    connected  = true
    refused    = false
    connect_ms = 1000
    icmp       = null
  }
  result "fact.lossy_attempt[\"third\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.lossy_attempt[\"fourth\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
    explain    = "Of 50 pings to 198.51.100.25, 90 % were lost on the way. Connections to it suffer as well…"
    status     = { dns = "blocked", smtp = "blocked", path_mtu = "blocked" }
  }
}

run "most is lost, and the first attempt suffers" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    rtt_avg_ms  = null
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 5
    loss_pct = 90
    icmp     = null
  }
  result "fact.lossy_attempt[\"first\"]" {
    connected  = false
    refused    = false
    connect_ms = null
    icmp       = null
  }
  result "fact.lossy_attempt[\"second\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.lossy_attempt[\"third\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.lossy_attempt[\"fourth\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
    explain    = "…Connections to it suffer as well…"
    status     = { dns = "blocked", smtp = "blocked", path_mtu = "blocked" }
  }
}

run "most pings are lost, and TCP does not suffer" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    rtt_avg_ms  = null
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 5
    loss_pct = 90
    icmp     = null
  }
  result "fact.lossy_attempt[\"first\"]" {
    connected  = true
    refused    = false
    connect_ms = 999
    icmp       = null
  }
  result "fact.lossy_attempt[\"second\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.lossy_attempt[\"third\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.lossy_attempt[\"fourth\"]" {
    connected  = false
    refused    = true
    connect_ms = null
    icmp       = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
    explain    = "…90 % were lost on the way. Connections to it come about at once: if they always do, something limits pings alone…"
    status     = { path_mtu = "pass", dns = "pass" }
  }
}

run "four fifths are lost and one attempt suffers" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 1
    rtt_avg_ms  = 12
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 10
    loss_pct = 80
    icmp     = null
  }
  result "fact.lossy_attempt[\"first\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.lossy_attempt[\"second\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.lossy_attempt[\"third\"]" {
    connected  = false
    refused    = false
    connect_ms = null
    icmp       = null
  }
  result "fact.lossy_attempt[\"fourth\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
    explain    = "…80 % were lost…"
  }
}

run "fewer are lost and one attempt suffers" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 1
    rtt_avg_ms  = 12
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 11
    loss_pct = 78
    icmp     = null
  }
  result "fact.lossy_attempt[\"first\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.lossy_attempt[\"second\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.lossy_attempt[\"third\"]" {
    connected  = true
    refused    = false
    connect_ms = 1000
    icmp       = null
  }
  result "fact.lossy_attempt[\"fourth\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
    explain    = "…78 % were lost…"
  }
}

run "fewer are lost and two attempts suffer" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 1
    rtt_avg_ms  = 12
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 11
    loss_pct = 78
    icmp     = null
  }
  result "fact.lossy_attempt[\"first\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.lossy_attempt[\"second\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.lossy_attempt[\"third\"]" {
    connected  = true
    refused    = false
    connect_ms = 1000
    icmp       = null
  }
  result "fact.lossy_attempt[\"fourth\"]" {
    connected  = false
    refused    = false
    connect_ms = null
    icmp       = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
    explain    = "…78 % were lost…"
  }
}

run "three fifths are lost and two attempts suffer" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    rtt_avg_ms  = null
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 20
    loss_pct = 60
    icmp     = null
  }
  result "fact.lossy_attempt[\"first\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.lossy_attempt[\"second\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.lossy_attempt[\"third\"]" {
    connected  = true
    refused    = false
    connect_ms = 1000
    icmp       = null
  }
  result "fact.lossy_attempt[\"fourth\"]" {
    connected  = false
    refused    = false
    connect_ms = null
    icmp       = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
    explain    = "…60 % were lost…"
  }
}

run "less than three fifths are lost" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    rtt_avg_ms  = null
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 21
    loss_pct = 58
    icmp     = null
  }
  result "fact.remote_tcp" {
    connected  = false
    refused    = false
    connect_ms = null
    icmp       = null
  }
  result "fact.remote_attempt[\"second\"]" {
    connected  = false
    refused    = false
    connect_ms = null
    icmp       = null
  }
  result "fact.remote_attempt[\"third\"]" {
    connected  = false
    refused    = false
    connect_ms = null
    icmp       = null
  }
  result "fact.remote_attempt[\"fourth\"]" {
    connected  = false
    refused    = false
    connect_ms = null
    icmp       = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
    explain    = "Of 50 pings to 198.51.100.25, 58 % were lost on the way. Mail will be slow or break off."
  }
}

run "one ping is answered, and later none" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 1
    rtt_avg_ms  = 12
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 0
    loss_pct = 100
    icmp     = null
  }
  result "fact.lossy_attempt[\"first\"]" {
    connected  = false
    refused    = false
    connect_ms = null
    icmp       = null
  }
  result "fact.lossy_attempt[\"second\"]" {
    connected  = false
    refused    = false
    connect_ms = null
    icmp       = null
  }
  result "fact.lossy_attempt[\"third\"]" {
    connected  = false
    refused    = false
    connect_ms = null
    icmp       = null
  }
  result "fact.lossy_attempt[\"fourth\"]" {
    connected  = false
    refused    = false
    connect_ms = null
    icmp       = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
    explain    = "…100 % were lost…"
  }
}

run "the first pings are lost, later ones are not" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    rtt_avg_ms  = null
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 50
    loss_pct = 0
    icmp     = null
  }
  result "fact.remote_tcp" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.remote_attempt[\"second\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.remote_attempt[\"third\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.remote_attempt[\"fourth\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
    explain    = "The first pings to 198.51.100.25 were lost (3 of 3); of 50 more, a moment later, 50 came back. If that happens often, mail breaks off."
  }
}

run "the first pings are lost, and of later ones a few" {
  site = "example"
  result "check.remote_subnet" {
    sent        = 3
    received    = 1
    rtt_avg_ms  = 12
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 47
    loss_pct = 6
    icmp     = null
  }
  result "fact.remote_tcp" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
    explain    = "Of 50 pings to 198.51.100.25, 6 % were lost on the way. Mail will be slow or break off."
  }
}

run "two of three pings come back, many later ones do not, and TCP does not suffer" {
  site = "example"
  result "check.remote_subnet" {
    duplicates  = 0
    sent        = 3
    received    = 2
    rtt_avg_ms  = 12
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 5
    loss_pct = 90
    icmp     = null
  }
  result "fact.remote_trace" {
    last_sender = null
  }
  result "fact.lossy_attempt[\"first\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.lossy_attempt[\"second\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.lossy_attempt[\"third\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.lossy_attempt[\"fourth\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
    remedy     = "Trace the path at a busy hour to find the hop where the loss begins, and have that link looked at."
  }
}

run "two of three pings come back, many later ones do not, and TCP suffers" {
  site = "example"
  result "check.remote_subnet" {
    duplicates  = 0
    sent        = 3
    received    = 2
    rtt_avg_ms  = 12
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 15
    loss_pct = 70
    icmp     = null
  }
  result "fact.remote_trace" {
    last_sender = null
  }
  result "fact.lossy_attempt[\"first\"]" {
    connected  = false
    refused    = false
    connect_ms = null
    icmp       = null
  }
  result "fact.lossy_attempt[\"second\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  result "fact.lossy_attempt[\"third\"]" {
    connected  = true
    refused    = false
    connect_ms = 3100
    icmp       = null
  }
  result "fact.lossy_attempt[\"fourth\"]" {
    connected  = true
    refused    = false
    connect_ms = 12
    icmp       = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
    explain    = "…Connections to it suffer as well…"
    status     = { dns = "blocked", smtp = "blocked", path_mtu = "blocked" }
  }
}

run "what is lost on the way to the gateway is told once" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 2
    rtt_avg_ms  = 1
    local_error = null
    icmp        = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 16
    loss_pct = 20
    icmp     = null
  }
  result "fact.gateway_through" { loss_pct = 20 }
  result "check.remote_subnet" {
    duplicates  = 0
    sent        = 3
    received    = 2
    rtt_avg_ms  = 12
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 33
    loss_pct = 34
    icmp     = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "packet_loss"
    status     = { remote_subnet = "pass" }
  }
}

run "more is lost behind the gateway than before it" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 2
    rtt_avg_ms  = 1
    local_error = null
    icmp        = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 16
    loss_pct = 20
    icmp     = null
  }
  result "fact.gateway_through" { loss_pct = 20 }
  result "check.remote_subnet" {
    duplicates  = 0
    sent        = 3
    received    = 2
    rtt_avg_ms  = 12
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 32
    loss_pct = 36
    icmp     = null
  }
  result "fact.remote_trace" {
    last_sender = null
  }
  expect {
    verdict    = "warn"
    root_cause = [check.default_gateway, check.remote_subnet]
  }
}
