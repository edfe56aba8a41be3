run "the server answers late each time" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["198.51.100.25"]
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 1700, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    explain    = "198.51.100.53 takes 1700 ms to answer a question for mail.example.com, even when asked again: each look-up takes at least as long."
    status     = { smtp = "pass" }
  }
}

run "one of two servers answers late" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["198.51.100.25"]
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 1700, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    explain    = "198.51.100.54 takes 1700 ms to answer…"
    status     = { smtp = "pass" }
  }
}

run "the server answers just in time" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["198.51.100.25"]
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 900, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    verdict = "pass"
  }
}

run "a search domain is silent" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["198.51.100.25"]
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = ["old.example"], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    cause      = "dns_search_domain_silent"
    explain    = "This computer puts the search domain old.example behind mail.example.com, and questions for that longer name get no answer…"
    status     = { smtp = "pass" }
  }
}

run "servers asked in turn, one of which does not know the name" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["198.51.100.25"]
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NXDOMAIN", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = true
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_servers_disagree"
    explain    = "The DNS servers do not agree about mail.example.com: 198.51.100.53 says 198.51.100.25; 198.51.100.54 says that there is no such name. This computer begins with another of them at each look-up (rotate), so that the name is found or not by chance."
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "servers asked in turn, the second of which has no address" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["198.51.100.25"]
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = true
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_servers_disagree"
    explain    = "The DNS servers do not agree about mail.example.com: 198.51.100.53 says 198.51.100.25; 198.51.100.54 says that it has no address. This computer begins with another of them at each look-up (rotate), so that the name is found or not by chance."
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "servers asked in turn, the first of which has no address" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = true
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_servers_disagree"
    explain    = "The DNS servers do not agree about mail.example.com: 198.51.100.53 says that it has no address; 198.51.100.54 says 198.51.100.25…"
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "servers asked in turn, one of which has no address" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.55", address = "198.51.100.55", on_this_computer = false, answered = true, rcode = "REFUSED", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = true
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_servers_disagree"
    explain    = "The DNS servers do not agree about mail.example.com: 198.51.100.53 says that it has no address; 198.51.100.54 says 198.51.100.25…"
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "servers asked in turn and none knows the name" {
  site = "example"
  result "check.dns" {
    rcode     = "NXDOMAIN"
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NXDOMAIN", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NXDOMAIN", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = true
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

run "servers asked in turn agree" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["198.51.100.25"]
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = true
    config_problems  = []
  }
  expect {
    verdict = "pass"
  }
}

run "no line for a server is as programs want it" {
  site = "example"
  result "check.dns" {
    rcode            = null
    addresses        = []
    servers          = []
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = ["nameserver 198.51.100.53:53"]
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_not_configured"
    explain    = "This computer knows no DNS server at all. What programs do not take of /etc/resolv.conf: nameserver 198.51.100.53:53."
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "no way to the server" {
  site = "example"
  result "check.dns" {
    rcode     = null
    addresses = []
    servers = [
      { server = "2001:db8::53", address = "2001:db8::53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = "no_route" },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
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
    cause      = "no_route_to_dns_server"
    explain    = "This computer's own routing table has no way to the DNS server 2001:db8::53."
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "routes that refuse the way to the servers" {
  site = "example"
  result "check.dns" {
    rcode     = null
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = "prohibited" },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
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
    cause      = "no_route_to_dns_server"
    explain    = "This computer's own routing table has no way to the DNS server 198.51.100.53."
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "a route that swallows what is for the server" {
  site = "example"
  result "check.dns" {
    rcode     = null
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = "blackhole" },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
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
    cause      = "no_route_to_dns_server"
    explain    = "This computer's own routing table has no way…"
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "an address that no computer has" {
  site = "example"
  vars = { mail_address = null }
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["0.0.0.0"]
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["0.0.0.0"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["0.0.0.0"], found = true, problem = null }
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
    explain    = "DNS gives mail.example.com the address 0.0.0.0, this system uses 0.0.0.0; no other computer can have such an address: either the record is wrong, or a filter answers so for names that it blocks."
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "the hosts file has the planned address and DNS another" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["203.0.113.99"]
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["203.0.113.99"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    cause      = "dns_wrong_address"
    explain    = "DNS gives mail.example.com the address 203.0.113.99, this system uses 198.51.100.25; the site's plan says 198.51.100.25."
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "the hosts file has an address of its own and DNS none" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = []
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    explain    = "This computer's hosts file gives mail.example.com the address 203.0.113.99; the DNS servers say that it has no address (NOERROR)."
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "servers asked in turn, of which one is silent, one half heard and one empty" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["198.51.100.25"]
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.55", address = "198.51.100.55", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = false, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A"], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.56", address = "198.51.100.56", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = true
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_servers_disagree"
    explain    = "The DNS servers do not agree about mail.example.com: 198.51.100.53 says 198.51.100.25; 198.51.100.56 says that it has no address…"
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "servers asked in turn agree on a wrong address" {
  site = "example"
  result "check.dns" {
    rcode     = "NOERROR"
    addresses = ["203.0.113.99"]
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["203.0.113.99"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["203.0.113.99"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["203.0.113.99"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    answered_by      = "198.51.100.53"
    servers_disagree = false
    servers_in_turn  = true
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_wrong_address"
    explain    = "DNS gives mail.example.com the address 203.0.113.99…"
    status     = { remote_subnet = "pass", smtp = "blocked" }
  }
}

run "a site without DNS, and the hosts file knows the mail host" {
  site = "example"
  vars = { mail_address = null }
  result "check.dns" {
    rcode            = null
    addresses        = []
    servers          = []
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = true
    search_domain    = null
    answered_by      = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "warn"
    root_cause = check.dns
    cause      = "dns_not_configured"
    explain    = "This computer knows no DNS server at all. Its hosts file gives mail.example.com the address 198.51.100.25."
    remedy     = "If this site uses no DNS on purpose, see only that the line for mail.example.com in the hosts file is right. Else set the site's DNS servers (on most systems in /etc/resolv.conf…"
    status     = { dns = "warn", smtp = "pass" }
  }
}

run "a site without DNS, and the hosts file has the planned address" {
  site = "example"
  vars = { mail_address = "198.51.100.25" }
  result "check.dns" {
    rcode            = null
    addresses        = []
    servers          = []
    system           = { addresses = ["198.51.100.25", "2001:db8:25::25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = true
    search_domain    = null
    answered_by      = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "warn"
    root_cause = check.dns
    cause      = "dns_not_configured"
    explain    = "This computer knows no DNS server at all. Its hosts file gives mail.example.com the address 198.51.100.25, 2001:db8:25::25; the site's plan says 198.51.100.25."
    remedy     = "If this site uses no DNS on purpose, see only that the line for mail.example.com in the hosts file is right. Else set the site's DNS servers (on most systems in /etc/resolv.conf…"
    status     = { dns = "warn", smtp = "pass" }
  }
}

run "a site without DNS, and the hosts file has another address than the plan" {
  site = "example"
  vars = { mail_address = "198.51.100.25" }
  result "check.dns" {
    rcode            = null
    addresses        = []
    servers          = []
    system           = { addresses = ["198.51.100.99"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = true
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
    explain    = "This computer knows no DNS server at all. Its hosts file gives mail.example.com the address 198.51.100.99; the site's plan says 198.51.100.25."
    remedy     = "If this site uses no DNS on purpose, see only that the line for mail.example.com in the hosts file is right. Else set the site's DNS servers (on most systems in /etc/resolv.conf…"
    status     = { smtp = "blocked" }
  }
}

run "a site without DNS, and the hosts file has an address of the other family than the plan" {
  site = "example"
  vars = { mail_address = "198.51.100.25" }
  result "check.dns" {
    rcode            = null
    addresses        = []
    servers          = []
    system           = { addresses = ["2001:db8:25::25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = true
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
    explain    = "This computer knows no DNS server at all. Its hosts file gives mail.example.com the address 2001:db8:25::25; the site's plan says 198.51.100.25."
    remedy     = "If this site uses no DNS on purpose, see only that the line for mail.example.com in the hosts file is right. Else set the site's DNS servers (on most systems in /etc/resolv.conf…"
    status     = { smtp = "blocked" }
  }
}

run "a site without DNS, and the hosts file has another address beside the planned one" {
  site = "example"
  vars = { mail_address = "198.51.100.25" }
  result "check.dns" {
    rcode            = null
    addresses        = []
    servers          = []
    system           = { addresses = ["198.51.100.25", "198.51.100.99"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = true
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
    explain    = "This computer knows no DNS server at all. Its hosts file gives mail.example.com the address 198.51.100.25, 198.51.100.99; the site's plan says 198.51.100.25."
    remedy     = "If this site uses no DNS on purpose, see only that the line for mail.example.com in the hosts file is right. Else set the site's DNS servers (on most systems in /etc/resolv.conf…"
    status     = { smtp = "blocked" }
  }
}

run "a site without DNS, and the hosts file leads to this computer itself" {
  site = "example"
  vars = { mail_address = null }
  result "check.dns" {
    rcode            = null
    addresses        = []
    servers          = []
    system           = { addresses = ["127.0.1.1"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = true
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
    explain    = "This computer knows no DNS server at all. Its hosts file gives mail.example.com the address 127.0.1.1."
    remedy     = "If this site uses no DNS on purpose, see only that the line for mail.example.com in the hosts file is right. Else set the site's DNS servers (on most systems in /etc/resolv.conf…"
    status     = { smtp = "blocked" }
  }
}

run "a line for a server that programs do not take, and the hosts file knows the mail host" {
  site = "example"
  vars = { mail_address = null }
  result "check.dns" {
    rcode            = null
    addresses        = []
    servers          = []
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = true
    search_domain    = null
    answered_by      = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = ["nameserver 198.51.100.53:53"]
  }
  expect {
    verdict    = "warn"
    root_cause = check.dns
    cause      = "dns_not_configured"
    explain    = "This computer knows no DNS server at all. Its hosts file gives mail.example.com the address 198.51.100.25. What programs do not take of /etc/resolv.conf: nameserver 198.51.100.53:53."
    remedy     = "If this site uses no DNS on purpose, see only that the line for mail.example.com in the hosts file is right. Else set the site's DNS servers (on most systems in /etc/resolv.conf…"
    status     = { dns = "warn", smtp = "pass" }
  }
}
