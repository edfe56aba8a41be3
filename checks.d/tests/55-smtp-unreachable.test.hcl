# Ways to mail.example.com, 198.51.100.25, that end before it, and resets.

run "a router has no route to the mail host" {
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
    received = 0
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "no_route_to_mail_host"
    explain    = "The router 203.0.113.1 has no route to mail.example.com (198.51.100.25)."
    remedy     = "Ask whoever runs 203.0.113.1 to set the route, or correct the address of mail.example.com."
  }
}

run "this computer has no route to the mail host" {
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
    local_error   = "no_route"
    icmp          = null
  }
  result "fact.mail_route" {
    found     = false
    kind      = null
    on_link   = false
    gateway   = null
    interface = null
  }
  result "fact.mail_ping_route" {
    found         = false
    kind          = null
    on_link       = false
    gateway       = null
    interface     = null
    redirected_to = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "no_route_to_mail_host"
    explain    = "This computer's own routing table has no way to mail.example.com (198.51.100.25)."
    remedy     = "Look at the entry or the missing one (ip route get 198.51.100.25; ip rule) and set the route, or correct the address of mail.example.com."
  }
}

run "this computer prohibits the way to the mail host" {
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
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "no_route_to_mail_host"
    explain    = "…no way to mail.example.com (198.51.100.25): an entry of it forbids that."
  }
}

run "this computer throws packets to the mail host away" {
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
    local_error   = "blackhole"
    icmp          = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "no_route_to_mail_host"
    explain    = "…: an entry of it forbids that."
  }
}

run "the mail host is off and its router says so" {
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
    icmp          = { type = 3, code = 1, name = "host_unreachable", sender = "203.0.113.5" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "mail_host_down"
    explain    = "mail.example.com (198.51.100.25) does not answer: the router 203.0.113.5 reports that it can't be reached…"
  }
}

run "the router says at once that the mail host is off" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = "other"
    code          = null
    total_ms      = 4
    local_error   = null
    icmp          = { type = 3, code = 1, name = "host_unreachable", sender = "203.0.113.5" }
  }
  result "fact.mail_ping" {
    received = 0
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "mail_host_down"
    explain    = "mail.example.com (198.51.100.25) does not answer: the router 203.0.113.5 reports that it can't be reached. It is switched off or unplugged, or the link behind that router is dead; or, since a router that has to look for a host takes some 3 s and this one said so at once, it has no way there or a rule against it."
  }
}

run "the port is handed on to a computer that is off" {
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
    icmp          = { type = 3, code = 1, name = "host_unreachable", sender = "198.51.100.25" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "mail_host_down"
    explain    = "mail.example.com (198.51.100.25) does not answer: that address itself reports that whom connections to port 25 are for can't be reached. It hands the port on to another computer, which is switched off or unplugged, or a firewall turns connections away in this way."
  }
}

run "the mail host is another computer and silent" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = true
    address       = "198.51.100.26"
    answered_here = null
    icmp_origin   = null
    code          = null
    local_error   = null
    icmp          = null
  }
  result "fact.mail_ping" {
    received = 0
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "mail_host_down"
    explain    = "…neither pings nor connections to port 25…"
  }
}

run "the mail host is silent and no remote host is known" {
  site = "example"
  vars = { remote_host = null }
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
  result "fact.mail_ping" {
    received = 0
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "mail_host_down"
  }
}

run "the mail host is another computer and answers pings" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = true
    address       = "198.51.100.26"
    answered_here = null
    icmp_origin   = null
    code          = null
    local_error   = null
    icmp          = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_filtered"
  }
}

run "one ping is an answer" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = false
    timed_out     = true
    address       = "198.51.100.26"
    answered_here = null
    icmp_origin   = null
    code          = null
    local_error   = null
    icmp          = null
  }
  result "fact.mail_ping" {
    received = 1
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_filtered"
  }
}

run "the mail host is the remote host, which answers pings" {
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
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_filtered"
  }
}

run "mail goes round in a circle" {
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
    icmp          = { type = 11, code = 0, name = "ttl_exceeded", sender = "203.0.113.1" }
  }
  result "fact.mail_trace" {
    loop = true
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "routing_loop"
    explain    = "…go round in a circle until their time is up, as 203.0.113.1 reports."
  }
}

run "the time to live of mail is too short" {
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
    icmp          = { type = 11, code = 0, name = "ttl_exceeded", sender = "203.0.113.1" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_unreachable"
    explain    = "…ttl_exceeded (type 11, code 0). Their time is up there: routes lead in a circle, or a rule here or on the way makes that time (TTL) too short."
    remedy     = "Look for a rule of this computer that sets the TTL (nft list ruleset), then ask whoever runs 203.0.113.1…"
  }
}

run "an ICMP error that is none of these" {
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
    icmp          = { type = 12, code = 0, name = "parameter_problem", sender = "203.0.113.1" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_unreachable"
    explain    = "203.0.113.1 answers connections to mail.example.com port 25 with an ICMP error: parameter_problem (type 12, code 0)."
    remedy     = "Ask whoever runs 203.0.113.1 why it does not deliver packets to 198.51.100.25."
  }
}

run "a firewall on the way resets connections" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = true
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = null
    code          = null
    local_error   = null
    icmp          = null
  }
  result "fact.mail_trace" {
    reached = true
    hops    = [{ ttl = 1, sender = "192.0.2.1" }, { ttl = 2, sender = "203.0.113.1" }, { ttl = 3, sender = "198.51.100.25" }]
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_reset_on_the_way"
    explain    = "…are refused at hop 3 at the latest, while the way to the host is longer (4 hops or more)…"
    remedy     = "Ask whoever runs the firewalls on the way…"
  }
}

run "the first hop resets connections" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = true
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = null
    code          = null
    local_error   = null
    icmp          = null
  }
  result "fact.mail_trace" {
    reached = true
    hops    = [{ ttl = 1, sender = "198.51.100.25" }]
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_reset_on_the_way"
    explain    = "…are refused at the first hop: by this computer's own firewall or a redirect in it, or by its gateway…"
    remedy     = "Look at this computer's own rules (nft list ruleset), then ask whoever runs the firewalls on the way…"
  }
}

run "a trace that does not arrive shows no reset" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = true
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = null
    code          = null
    local_error   = null
    icmp          = null
  }
  result "fact.mail_trace" {
    reached = false
    hops    = [{ ttl = 1, sender = "192.0.2.1" }]
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_refused"
  }
}

run "the host is nearer for pings than for mail" {
  description = "A router that forwards the port answers pings itself."
  site        = "example"
  result "check.smtp" {
    connected     = false
    refused       = true
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = null
    icmp_origin   = null
    code          = null
    local_error   = null
    icmp          = null
  }
  result "fact.mail_path" {
    reached = true
    hops    = [{ ttl = 1, sender = "192.0.2.1" }, { ttl = 2, sender = "203.0.113.1" }, { ttl = 3, sender = "198.51.100.25" }]
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_refused"
  }
}
