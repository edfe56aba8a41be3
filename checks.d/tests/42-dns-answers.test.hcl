# What DNS servers answer beside one plain address.

run "two servers give different addresses" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["203.0.113.99"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = true
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_servers_disagree"
    explain    = "The DNS servers give mail.example.com different addresses: 198.51.100.53 says 198.51.100.25; 198.51.100.54 says 203.0.113.99. The site's plan says 198.51.100.25."
  }
}

run "three servers give different addresses and one has none" {
  site = "example"
  vars = { mail_address = null }
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["203.0.113.99"]
    answered_by = "198.51.100.54"
    servers = [
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["203.0.113.99"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.55", address = "198.51.100.55", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.56", address = "198.51.100.56", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses_known = false, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A"], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["203.0.113.99"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = true
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_servers_disagree"
    explain    = "…different addresses: 198.51.100.54 says 203.0.113.99; 198.51.100.53 says 198.51.100.25. One of them is out of date…"
  }
}

run "two servers give parts of a pool" {
  site = "example"
  vars = { mail_address = null }
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25", "203.0.113.99"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "a server hands out the addresses of a pool in turn" {
  site = "example"
  vars = { mail_address = null }
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.26", "198.51.100.27"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.26", "198.51.100.27"], addresses_known = true, rotates = true, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "the system has an address that no server gives" {
  site = "example"
  vars = { mail_address = null }
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.26"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.26"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_wrong_address"
    explain    = "DNS gives mail.example.com the address 198.51.100.26, this system uses 198.51.100.25; no DNS server that was asked gave that."
  }
}

run "the first server refuses and the system has an address that no server gives" {
  site = "example"
  vars = { mail_address = null }
  result "check.dns" {
    rcode       = "REFUSED"
    addresses   = []
    answered_by = "198.51.100.54"
    servers = [
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "REFUSED", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.26"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_refused"
  }
}

run "another name is planned, and the first server has none" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = []
    answered_by = "198.51.100.54"
    servers = [
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["203.0.113.99"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["203.0.113.99"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
    mail_exchangers  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_wrong_address"
    explain    = "For mail.example.com this system uses the address 203.0.113.99; the site's plan says 198.51.100.25."
  }
}

run "another address stands beside the planned one" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25", "203.0.113.99"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25", "203.0.113.99"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25", "203.0.113.99"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_extra_address"
    explain    = "Beside the planned address 198.51.100.25 the name mail.example.com leads to 203.0.113.99: part of the mail goes there."
  }
}

run "the second server has another address beside the planned one" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25", "203.0.113.99"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.55", address = "198.51.100.55", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses_known = false, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A"], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_extra_address"
    explain    = "…leads to 203.0.113.99: …"
  }
}

run "an address of the other family stands beside the planned one" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25", "2001:db8::25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25", "2001:db8::25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25", "2001:db8::25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "the planned address is written in another way" {
  site = "example"
  vars = { mail_address = "2001:DB8:0::25" }
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["2001:db8::25", "198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["2001:db8::25", "198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["2001:db8::25", "198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "another IPv6 address stands beside the planned one" {
  site = "example"
  vars = { mail_address = "2001:db8::25" }
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["2001:db8::25", "2001:db8::26"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["2001:db8::25", "2001:db8::26"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["2001:db8::25", "2001:db8::26"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_extra_address"
    explain    = "…leads to 2001:db8::26: …"
  }
}

run "a search domain makes another host of the name" {
  site = "example"
  vars = { mail_address = null }
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = "corp.example"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_search_domain"
    explain    = "The address 198.51.100.25 is that of mail.example.com.corp.example: this computer put its search domain corp.example behind the name…"
  }
}

run "a search domain leads to the planned address" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = "corp.example"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "warn"
    root_cause = check.dns
    cause      = "dns_search_domain"
    status     = { smtp = "pass" }
  }
}

run "a search domain leads to another than the planned address" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["203.0.113.99"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["203.0.113.99"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["203.0.113.99"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = "corp.example"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_search_domain"
  }
}

run "a short name is completed with the search domain" {
  site = "example"
  vars = { mail_host = "mail" }
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = "example.com"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "a short name with a final dot is completed by nobody" {
  site = "example"
  vars = { mail_host = "mail." }
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "an alias leads to a missing name" {
  site = "example"
  result "check.dns" {
    rcode       = "NXDOMAIN"
    addresses   = []
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NXDOMAIN", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = "old.example.com", referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_alias_broken"
    explain    = "The name mail.example.com exists, as an alias (CNAME): it leads to old.example.com, which does not exist, says 198.51.100.53."
  }
}

run "an alias leads to a name without address" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = []
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = "old.example.com", referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "SERVFAIL", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_alias_broken"
    explain    = "…it leads to old.example.com, which has no address, says…"
  }
}

run "aliases lead in a circle" {
  site = "example"
  vars = { mail_host = "Mail.example.com." }
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = []
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = "mail.example.com", referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_alias_broken"
    explain    = "…its aliases lead in a circle, says…"
  }
}

run "the alias of a server that is not believed" {
  site = "example"
  result "check.dns" {
    rcode       = "NXDOMAIN"
    addresses   = []
    answered_by = "198.51.100.54"
    servers = [
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NXDOMAIN", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NXDOMAIN", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = "old.example.com", referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_name_missing"
  }
}

run "a failure beside an alias" {
  site = "example"
  result "check.dns" {
    rcode       = "SERVFAIL"
    addresses   = []
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "SERVFAIL", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = "old.example.com", referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_server_failing"
  }
}

run "the first server says that the name is missing, and the second knows it" {
  site = "example"
  result "check.dns" {
    rcode       = "NXDOMAIN"
    addresses   = []
    answered_by = "198.51.100.54"
    servers = [
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NXDOMAIN", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.55", address = "198.51.100.55", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_name_missing"
    explain    = "The DNS server 198.51.100.54, whose answer comes first, says that no name mail.example.com exists, while 198.51.100.53 knows it."
  }
}

run "a mail domain in place of a host" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = []
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
    mail_exchangers  = ["mx1.example.com", "mx2.example.com"]
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_only_mx"
    explain    = "mail.example.com is a mail domain and no computer: it has no address, but DNS names the hosts that take its mail (MX): mx1.example.com, mx2.example.com."
    remedy     = "Write one of these hosts into mail_host: mx1.example.com, mx2.example.com."
  }
}

run "a name without address, and nobody knows of mail hosts" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = []
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict       = "fail"
    root_cause    = check.dns
    cause         = "dns_no_address"
    not_ruled_out = ["dns_only_mx"]
  }
}

run "a name without address or mail hosts" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = []
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
    mail_exchangers  = []
  }
  expect {
    verdict       = "fail"
    root_cause    = check.dns
    cause         = "dns_no_address"
    not_ruled_out = []
  }
}

run "the server says why it fails" {
  site = "example"
  result "check.dns" {
    rcode       = "SERVFAIL"
    addresses   = []
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "SERVFAIL", rtt_ms = 4, extended_error = "DNSSEC Bogus", addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "SERVFAIL", rtt_ms = 4, extended_error = "Not Ready", addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.55", address = "198.51.100.55", on_this_computer = false, answered = true, rcode = "SERVFAIL", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_server_failing"
    explain    = "The DNS server answers, but with SERVFAIL (DNSSEC Bogus): it has trouble finding out about mail.example.com."
  }
}

run "another server says why it fails" {
  site = "example"
  result "check.dns" {
    rcode       = "SERVFAIL"
    addresses   = []
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "SERVFAIL", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "SERVFAIL", rtt_ms = 4, extended_error = "Not Ready", addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.55", address = "198.51.100.55", on_this_computer = false, answered = true, rcode = "SERVFAIL", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_server_failing"
    explain    = "The DNS server answers, but with SERVFAIL: it has trouble finding out about mail.example.com."
  }
}

run "the server only refers to others" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = []
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = true, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_server_failing"
    explain    = "The DNS server answers, but with nothing but the names of other servers: it does not ask them for this computer."
  }
}

run "the second server only refers to others" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = []
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = true, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
    mail_exchangers  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_no_address"
  }
}

run "the server answers another question" {
  site = "example"
  result "check.dns" {
    rcode       = null
    addresses   = []
    answered_by = null
    servers = [
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = true, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_server_failing"
    explain    = "The DNS server answers, but not to the question: what 198.51.100.53 sends is about another name or under another number, or no DNS at all."
  }
}
