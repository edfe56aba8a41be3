# The way to the mail service on mail.example.com, 198.51.100.25, and who answers
# on it.

run "this computer's firewall rejects connections" {
  site = "example"
  result "check.smtp" {
    connected         = false
    refused           = true
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = "this_computer"
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 1
    local_error       = null
    icmp              = { type = 3, code = 3, name = "port_unreachable", sender = "192.0.2.10" }
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
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = "this_computer"
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 1
    local_error       = null
    icmp              = { type = 3, code = 1, name = "host_unreachable", sender = "192.0.2.10" }
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
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = "this_computer"
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 3060
    local_error       = null
    icmp              = { type = 3, code = 1, name = "host_unreachable", sender = "192.0.2.10" }
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
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = "this_computer"
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 1000
    local_error       = null
    icmp              = { type = 3, code = 1, name = "host_unreachable", sender = "192.0.2.10" }
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
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = "this_computer"
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 3060
    local_error       = null
    icmp              = { type = 3, code = 1, name = "host_unreachable", sender = "192.0.2.10" }
  }
  result "fact.mail_neighbour" {
    reachable = false
  }
  result "fact.mail_ping" {
    received = 0
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
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 1
    local_error       = "address_unavailable"
    icmp              = null
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
    connected         = false
    refused           = false
    timed_out         = true
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = null
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
    connected         = false
    refused           = false
    timed_out         = true
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = null
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
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 1
    local_error       = "prohibited"
    icmp              = null
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
    connected         = false
    refused           = false
    timed_out         = true
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = null
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
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = "no_route"
    icmp              = null
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
    connected         = false
    refused           = false
    timed_out         = true
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = null
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
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = "other"
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = { type = 3, code = 13, name = "admin_prohibited", sender = "203.0.113.9" }
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
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = "target"
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = { type = 3, code = 13, name = "admin_prohibited", sender = "198.51.100.25" }
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
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = "other"
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = { type = 3, code = 1, name = "host_unreachable", sender = "203.0.113.1" }
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
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = "other"
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = { type = 3, code = 0, name = "net_unreachable", sender = "203.0.113.1" }
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
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = "target"
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = { type = 3, code = 2, name = "protocol_unreachable", sender = "198.51.100.25" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_prohibited"
  }
}

run "a router has no route to the mail host" {
  site = "example"
  result "check.smtp" {
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = "other"
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = { type = 3, code = 0, name = "net_unreachable", sender = "203.0.113.1" }
  }
  result "fact.mail_ping" {
    received = 0
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "no_route_to_mail_host"
    explain    = "The router 203.0.113.1 has no route to mail.example.com (198.51.100.25)."
  }
}

run "this computer has no route to the mail host" {
  site = "example"
  result "check.smtp" {
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 1
    local_error       = "no_route"
    icmp              = null
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
  }
}

run "this computer prohibits the way to the mail host" {
  site = "example"
  result "check.smtp" {
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 1
    local_error       = "prohibited"
    icmp              = null
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
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 1
    local_error       = "blackhole"
    icmp              = null
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
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = "other"
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = { type = 3, code = 1, name = "host_unreachable", sender = "203.0.113.5" }
  }
  result "fact.mail_ping" {
    received = 0
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "mail_host_down"
    explain    = "mail.example.com (198.51.100.25) does not answer: the router 203.0.113.5 reports that it can't be reached…"
  }
}

run "the mail host is another computer and silent" {
  site = "example"
  result "check.smtp" {
    connected         = false
    refused           = false
    timed_out         = true
    address           = "198.51.100.26"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = null
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
    connected         = false
    refused           = false
    timed_out         = true
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = null
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
    connected         = false
    refused           = false
    timed_out         = true
    address           = "198.51.100.26"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = null
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
    connected         = false
    refused           = false
    timed_out         = true
    address           = "198.51.100.26"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = null
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
    connected         = false
    refused           = false
    timed_out         = true
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = null
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
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = "other"
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = { type = 11, code = 0, name = "ttl_exceeded", sender = "203.0.113.1" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "routing_loop"
    explain    = "…go round in a circle until their time is up, as 203.0.113.1 reports."
  }
}

run "an ICMP error that is none of these" {
  site = "example"
  result "check.smtp" {
    connected         = false
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = "other"
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = { type = 12, code = 0, name = "parameter_problem", sender = "203.0.113.1" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_unreachable"
    explain    = "203.0.113.1 answers connections to mail.example.com port 25 with an ICMP error: parameter_problem (type 12, code 0)."
  }
}

run "a firewall on the way resets connections" {
  site = "example"
  result "check.smtp" {
    connected         = false
    refused           = true
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = null
  }
  result "fact.mail_trace" {
    reached = true
    hops    = [{ ttl = 1, sender = "192.0.2.1" }, { ttl = 2, sender = "203.0.113.1" }, { ttl = 3, sender = "198.51.100.25" }]
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_reset_on_the_way"
    explain    = "…are refused at hop 3, while the way to the host is longer (4 hops or more)…"
  }
}

run "the first hop resets connections" {
  site = "example"
  result "check.smtp" {
    connected         = false
    refused           = true
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = null
  }
  result "fact.mail_trace" {
    reached = true
    hops    = [{ ttl = 1, sender = "198.51.100.25" }]
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_reset_on_the_way"
    explain    = "…are refused at the first hop: by this computer's own firewall, or by its gateway…"
  }
}

run "a trace that does not arrive shows no reset" {
  site = "example"
  result "check.smtp" {
    connected         = false
    refused           = true
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = null
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
    connected         = false
    refused           = true
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    icmp_origin       = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    total_ms          = 5000
    local_error       = null
    icmp              = null
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

run "one of two addresses refuses" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }, { address = "198.51.100.26", connected = false, refused = true, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    greeting_name     = "mail.example.com"
    greeting_relation = "name"
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = "completed"
    ehlo_reply        = "250 mail.example.com"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_some_addresses_dead"
    explain    = "mail.example.com greets on 198.51.100.25, but of its 2 addresses 198.51.100.26 does not take a connection on port 25…"
  }
}

run "two of three addresses are silent" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }, { address = "198.51.100.26", connected = false, refused = false, timed_out = true, local_error = null, icmp = null }, { address = "198.51.100.27", connected = false, refused = false, timed_out = true, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    greeting_name     = "mail.example.com"
    greeting_relation = "name"
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = "completed"
    ehlo_reply        = "250 mail.example.com"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_some_addresses_dead"
    explain    = "…of its 3 addresses 198.51.100.26, 198.51.100.27 do not take a connection…"
  }
}

run "an ICMP error answers for one of two addresses" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }, { address = "198.51.100.26", connected = false, refused = false, timed_out = false, local_error = null, icmp = { type = 3, code = 1, name = "host_unreachable", sender = "203.0.113.5" } }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    greeting_name     = "mail.example.com"
    greeting_relation = "name"
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = "completed"
    ehlo_reply        = "250 mail.example.com"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_some_addresses_dead"
  }
}

run "this computer's firewall keeps one of two addresses from it" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }, { address = "198.51.100.26", connected = false, refused = false, timed_out = false, local_error = "filtered", icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    greeting_name     = "mail.example.com"
    greeting_relation = "name"
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = "completed"
    ehlo_reply        = "250 mail.example.com"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_some_addresses_dead"
  }
}

run "an IPv6 address on a computer without IPv6" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }, { address = "2001:db8::25", connected = false, refused = false, timed_out = false, local_error = "no_route", icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    greeting_name     = "mail.example.com"
    greeting_relation = "name"
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = "completed"
    ehlo_reply        = "250 mail.example.com"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict = "pass"
    status  = { smtp = "pass" }
  }
}
