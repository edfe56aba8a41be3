# The way to the mail service on mail.example.com, 198.51.100.25, and who answers
# on it.

run "this computer's firewall rejects connections" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = true
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = "this_computer"
    code          = null
    total_ms      = 1
    local_error   = null
    icmp          = { type = 3, code = 3, name = "port_unreachable", sender = "192.0.2.10" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "local_filter"
    explain    = "This computer's own firewall does not let connections to mail.example.com port 25 out."
  }
}

run "this computer's firewall says that the host is unreachable" {
  description = "The next hop is there, and the kernel does not take 1 ms to give it up."
  site        = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = "this_computer"
    code          = null
    total_ms      = 1
    local_error   = null
    icmp          = { type = 3, code = 1, name = "host_unreachable", sender = "192.0.2.10" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "local_filter"
  }
}

run "this computer's kernel gives up a neighbour that only mail goes by" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = "this_computer"
    code          = null
    total_ms      = 3060
    local_error   = null
    icmp          = { type = 3, code = 1, name = "host_unreachable", sender = "192.0.2.10" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_route_differs"
  }
}

run "a second is long enough for a neighbour to be given up" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = "this_computer"
    code          = null
    total_ms      = 1000
    local_error   = null
    icmp          = { type = 3, code = 1, name = "host_unreachable", sender = "192.0.2.10" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_route_differs"
  }
}

run "the mail host on this subnet is off" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = "this_computer"
    code          = null
    total_ms      = 3060
    local_error   = null
    icmp          = { type = 3, code = 1, name = "host_unreachable", sender = "192.0.2.10" }
  }
  result "fact.mail_neighbour" {
    reachable = false
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "mail_host_down"
    explain    = "…on its own cable, and nobody replies. It is switched off or unplugged."
  }
}

run "no local port is left" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = null
    code          = null
    total_ms      = 1
    local_error   = "address_unavailable"
    icmp          = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "local_ports_exhausted"
    explain    = "This computer has no local port left for another connection to mail.example.com port 25…"
  }
}

run "mail leaves by another gateway" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = true
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = null
    code          = null
    local_error   = null
    icmp          = null
  }
  result "fact.mail_route" {
    found     = true
    kind      = "unicast"
    on_link   = false
    gateway   = "192.0.2.99"
    interface = "eth0"
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_route_differs"
    explain    = "Mail to mail.example.com leaves this computer by another way than pings to it…"
  }
}

run "mail leaves by another adapter" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = true
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = null
    code          = null
    local_error   = null
    icmp          = null
  }
  result "fact.mail_route" {
    found     = true
    kind      = "unicast"
    on_link   = false
    gateway   = "192.0.2.1"
    interface = "eth1"
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_route_differs"
  }
}

run "a rule prohibits mail" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = null
    code          = null
    total_ms      = 1
    local_error   = "prohibited"
    icmp          = null
  }
  result "fact.mail_route" {
    found     = true
    kind      = "prohibit"
    on_link   = false
    gateway   = null
    interface = null
  }
  result "fact.mail_ping_route" {
    found         = true
    kind          = "unicast"
    on_link       = false
    gateway       = null
    interface     = null
    redirected_to = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_route_differs"
  }
}

run "the first hop of mail is another than that of pings" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = true
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = null
    code          = null
    local_error   = null
    icmp          = null
  }
  result "fact.mail_trace" {
    reached = false
    hops    = [{ ttl = 1, sender = "192.0.2.99" }]
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_route_differs"
  }
}

run "a connection that fails at once has no first hop to speak of" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = null
    code          = null
    local_error   = "no_route"
    icmp          = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "no_route_to_mail_host"
  }
}

run "a redirect of the router's is no other way" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = true
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = null
    code          = null
    local_error   = null
    icmp          = null
  }
  result "fact.mail_route" {
    found     = true
    kind      = "unicast"
    on_link   = false
    gateway   = "192.0.2.2"
    interface = "eth0"
  }
  result "fact.mail_ping_route" {
    found         = true
    kind          = "unicast"
    on_link       = false
    gateway       = "192.0.2.1"
    interface     = "eth0"
    redirected_to = "192.0.2.2"
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_filtered"
  }
}

run "the other way is prohibited" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = "other"
    code          = null
    total_ms      = 5000
    local_error   = null
    icmp          = { type = 3, code = 13, name = "admin_prohibited", sender = "203.0.113.9" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_prohibited"
    explain    = "203.0.113.9 turns connections to mail.example.com port 25 away (ICMP admin_prohibited): a firewall, not the mail service."
  }
}

run "the mail host's own firewall turns connections away" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = "target"
    code          = null
    total_ms      = 5000
    local_error   = null
    icmp          = { type = 3, code = 13, name = "admin_prohibited", sender = "198.51.100.25" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_prohibited"
    explain    = "…: the mail host's own firewall, not the mail service."
  }
}

run "a filter says that the host is unreachable" {
  description = "It answers pings."
  site        = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = "other"
    code          = null
    total_ms      = 5
    local_error   = null
    icmp          = { type = 3, code = 1, name = "host_unreachable", sender = "203.0.113.1" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_prohibited"
  }
}

run "a single ping shows that it is a filter" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = "other"
    code          = null
    total_ms      = 5000
    local_error   = null
    icmp          = { type = 3, code = 0, name = "net_unreachable", sender = "203.0.113.1" }
  }
  result "fact.mail_ping" {
    received = 1
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_prohibited"
  }
}

run "a filter says that TCP is unknown there" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = "target"
    code          = null
    total_ms      = 5000
    local_error   = null
    icmp          = { type = 3, code = 2, name = "protocol_unreachable", sender = "198.51.100.25" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_prohibited"
  }
}

run "this computer's firewall resets connections" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = true
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = "own_firewall"
    icmp_origin   = null
    code          = null
    local_error   = null
    icmp          = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "local_filter"
  }
}
