# Routers that say why they send packets to the remote host no further.

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
    hops         = []

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
    hops         = []

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
    hops         = []

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
    hops         = []

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
    hops         = []

    reverse_path_drops = 0
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "path_prohibited"
    explain    = "203.0.113.1 refuses…"
  }
}
