# The name, mail.example.com, and the DNS servers that are asked for it.

run "no DNS server is configured" {
  site = "example"
  result "check.dns" {
    rcode            = null
    addresses        = []
    servers          = []
    system           = { addresses = [], found = false, problem = "timed out" }
    system_timed_out = true
    hosts_file       = false
    search_domain    = null
    answered_by      = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_not_configured"
    explain    = "This computer knows no DNS server at all."
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "the hosts file overrides DNS" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["198.51.100.25"]
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["203.0.113.99"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = true
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "hosts_file_override"
    explain    = "This computer's hosts file gives mail.example.com the address 203.0.113.99; the DNS servers say 198.51.100.25."
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "the hosts file hides that the name is missing" {
  site = "example"
  result "check.dns" {
    rcode     = "NXDOMAIN"
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NXDOMAIN", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = true
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "hosts_file_override"
    explain    = "…the DNS servers say that it has no address (NXDOMAIN)."
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "the hosts file agrees with DNS and both are wrong" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["203.0.113.99"]
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["203.0.113.99"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["203.0.113.99"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = true
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_wrong_address"
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "no server answers and the hosts file has the name" {
  site = "example"
  result "check.dns" {
    rcode     = null
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = true
    search_domain    = null
    answered_by      = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  result "fact.dns_server_tcp" { received = "" }
  result "fact.dns_server_ping" { received = 0 }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_server_down"
    explain    = "The DNS server 198.51.100.53 answers neither questions nor pings…"
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "the server refuses to answer" {
  site = "example"
  result "check.dns" {
    rcode     = "REFUSED"
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "REFUSED", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_refused"
    explain    = "The DNS server refuses to answer this computer's question for mail.example.com."
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "the name does not exist" {
  site = "example"
  result "check.dns" {
    rcode     = "NXDOMAIN"
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NXDOMAIN", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_name_missing"
    explain    = "The DNS servers say that no name mail.example.com exists."
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "the server has trouble" {
  site = "example"
  result "check.dns" {
    rcode     = "SERVFAIL"
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "SERVFAIL", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "server misbehaving" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_server_failing"
    explain    = "The DNS server answers, but with SERVFAIL…"
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "the name has no address" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_no_address"
    explain    = "The name mail.example.com exists in DNS but has no address."
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "the system's own look-up fails" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["198.51.100.25"]
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "timed out" }
    system_timed_out = true
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "system_resolver_failing"
    explain    = "The DNS servers know mail.example.com (198.51.100.25), but this system's own look-up fails: timed out."
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "DNS has another address than the plan" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["203.0.113.99"]
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["203.0.113.99"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["203.0.113.99"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_wrong_address"
    explain    = "DNS gives mail.example.com the address 203.0.113.99, this system uses 203.0.113.99; the site's plan says 198.51.100.25."
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "the system uses an old address" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["198.51.100.25"]
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["203.0.113.99"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_wrong_address"
    explain    = "…this system uses 203.0.113.99;…"
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "any address will do where the plan names none" {
  site = "example"
  vars = { mail_address = null }
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["203.0.113.99"]
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["203.0.113.99"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["203.0.113.99"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "pass"
    root_cause = []
    status     = { smtp = "pass" }
  }
}

run "this computer's firewall keeps questions in" {
  site = "example"
  result "check.dns" {
    rcode     = null
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = "filtered" },
    ]
    system           = { addresses = [], found = false, problem = "timed out" }
    system_timed_out = true
    hosts_file       = false
    search_domain    = null
    answered_by      = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "local_filter"
    explain    = "This computer's own firewall does not let DNS questions out."
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "a filter on the way turns questions away" {
  site = "example"
  result "check.dns" {
    rcode     = null
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = { sender = "203.0.113.1", name = "admin_prohibited" }, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "timed out" }
    system_timed_out = true
    hosts_file       = false
    search_domain    = null
    answered_by      = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_prohibited"
    explain    = "203.0.113.1 turns DNS questions to 198.51.100.53 away…"
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "a filter on the way refuses the port in its own name" {
  site = "example"
  result "check.dns" {
    rcode     = null
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = true, timed_out = false, mismatched = false, answered_from = null, icmp = { sender = "203.0.113.1", name = "port_unreachable" }, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "timed out" }
    system_timed_out = true
    hosts_file       = false
    search_domain    = null
    answered_by      = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_prohibited"
    explain    = "203.0.113.1 turns DNS questions to 198.51.100.53 away…"
  }
}

run "only part of the name's addresses could be asked for" {
  description = "The question for one type of address stayed unanswered and the other brought none: whether the name has an address is unknown, and so is whose fault it is."
  site        = "example"
  result "check.dns" {
    rcode = "NOERROR"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses_known = false, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "timed out" }
    system_timed_out = true
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict       = "fail"
    root_cause    = check.dns
    cause         = "dns_slow_family"
    not_ruled_out = ["dns_only_mx", "dns_no_address"]
    status        = { smtp = "blocked" }
  }
}

run "UDP is filtered and TCP is not" {
  site = "example"
  result "check.dns" {
    rcode     = null
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "timed out" }
    system_timed_out = true
    hosts_file       = false
    search_domain    = null
    answered_by      = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  result "fact.dns_server_tcp" { received = "\u0000\u0017\u00124" }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_udp_filtered"
    explain    = "The DNS server 198.51.100.53 answers over TCP but not over UDP…"
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "the DNS service is stopped and says so" {
  site = "example"
  result "check.dns" {
    rcode     = null
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = true, timed_out = false, mismatched = false, answered_from = null, icmp = { sender = "198.51.100.53", name = "port_unreachable" }, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "timed out" }
    system_timed_out = true
    hosts_file       = false
    search_domain    = null
    answered_by      = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  result "fact.dns_server_tcp" { received = "" }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_service_down"
    explain    = "The computer 198.51.100.53 is up, but nothing there answers DNS questions…"
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "the DNS service is stopped and its computer answers pings" {
  site = "example"
  result "check.dns" {
    rcode     = null
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "timed out" }
    system_timed_out = true
    hosts_file       = false
    search_domain    = null
    answered_by      = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  result "fact.dns_server_tcp" { received = "" }
  result "fact.dns_server_ping" { received = 2 }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_service_down"
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "the DNS server is switched off" {
  site = "example"
  result "check.dns" {
    rcode     = null
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "timed out" }
    system_timed_out = true
    hosts_file       = false
    search_domain    = null
    answered_by      = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  result "fact.dns_server_tcp" { received = "" }
  result "fact.dns_server_ping" { received = 0 }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_server_down"
    explain    = "The DNS server 198.51.100.53 answers neither questions nor pings…"
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "nobody could look at the silent DNS server" {
  site = "example"
  result "check.dns" {
    rcode     = null
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "timed out" }
    system_timed_out = true
    hosts_file       = false
    search_domain    = null
    answered_by      = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  result "fact.dns_server_tcp" { error = "no permission" }
  result "fact.dns_server_ping" { error = "no permission" }
  expect {
    verdict       = "fail"
    root_cause    = check.dns
    cause         = null
    explain       = "The name mail.example.com does not lead to the mail host…"
    status        = { remote_subnet = "pass", smtp = "blocked" }
    not_ruled_out = ["dns_udp_filtered", "dns_service_down", "dns_server_down"]
  }
}

run "the first of two servers is silent" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["198.51.100.25"]
    servers = [
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "warn"
    root_cause = check.dns
    cause      = "dns_slow_server"
    explain    = "Of the DNS servers, 198.51.100.54 did not answer…"
    status     = { smtp = "pass" }
  }
}

run "the first of two servers does not know the name" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["198.51.100.25"]
    servers = [
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NXDOMAIN", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.54"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "warn"
    root_cause = check.dns
    cause      = "dns_server_unhelpful"
    explain    = "The DNS servers do not agree about mail.example.com: 198.51.100.54 says NXDOMAIN, 198.51.100.53 says NOERROR…"
    status     = { smtp = "pass" }
  }
}

run "an address in place of a name needs no DNS" {
  site = "example"
  vars = { mail_host = "198.51.100.25" }
  expect {
    verdict = "pass"
    status  = { dns = "skipped", smtp = "pass" }
  }
}

run "a filter turns questions to one server away and the other is silent" {
  site = "example"
  result "check.dns" {
    rcode     = null
    addresses = []
    servers = [
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = true, timed_out = false, mismatched = false, answered_from = null, icmp = { sender = "203.0.113.1", name = "admin_prohibited" }, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "timed out" }
    system_timed_out = true
    hosts_file       = false
    search_domain    = null
    answered_by      = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_prohibited"
    explain    = "203.0.113.1 turns DNS questions to 198.51.100.53 away…"
  }
}

run "the hosts file has the name, and nobody could look at the silent DNS server" {
  site = "example"
  result "check.dns" {
    rcode     = null
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = true
    search_domain    = null
    answered_by      = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  result "fact.dns_server_tcp" { error = "no permission" }
  result "fact.dns_server_ping" { error = "no permission" }
  expect {
    verdict       = "fail"
    root_cause    = check.dns
    cause         = null
    not_ruled_out = ["dns_udp_filtered", "dns_service_down", "dns_server_down"]
  }
}

run "the system has another address than the plan, and DNS was only half asked" {
  site = "example"
  result "check.dns" {
    rcode = "NOERROR"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses_known = false, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["203.0.113.99"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict       = "fail"
    root_cause    = check.dns
    cause         = "dns_wrong_address"
    not_ruled_out = []
  }
}
