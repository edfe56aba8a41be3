# What the way to DNS servers does to their answers, what this computer makes of them, and how mail_host is written.

run "a long answer does not come over TCP" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses_known = false, rotates = false, alias = null, referral = false, tcp_error = "timed_out", edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    cause      = "dns_answer_truncated"
    explain    = "The answer for mail.example.com does not fit into a UDP packet, and over TCP, where it must be fetched, nothing comes: 198.51.100.53 (timed out). Which addresses the name has is not known."
  }
}

run "a long answer comes from one of two servers" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses_known = false, rotates = false, alias = null, referral = false, tcp_error = "refused", edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    verdict    = "warn"
    root_cause = check.dns
    cause      = "dns_answer_truncated"
    explain    = "…nothing comes: 198.51.100.54 (refused)…"
    status     = { smtp = "pass" }
  }
}

run "the second server's long answer does not come, and the first knows no such name" {
  site = "example"
  result "check.dns" {
    rcode       = "NXDOMAIN"
    addresses   = []
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NXDOMAIN", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses_known = false, rotates = false, alias = null, referral = false, tcp_error = "refused", edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
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

run "the hosts file has the name, and the long answer does not come" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses_known = false, rotates = false, alias = null, referral = false, tcp_error = "timed_out", edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = true
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "warn"
    root_cause = check.dns
    cause      = "dns_answer_truncated"
    status     = { smtp = "pass" }
  }
}

run "one type is never answered" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.55", address = "198.51.100.55", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    verdict    = "warn"
    root_cause = check.dns
    cause      = "dns_slow_family"
    explain    = "Questions for AAAA records of mail.example.com get no answer from 198.51.100.53, while others do: each look-up waits for it, and so does each delivery."
    status     = { smtp = "pass" }
  }
}

run "whether the name has an address is not known" {
  site = "example"
  result "check.dns" {
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rtt_ms = 4, extended_error = null, addresses_known = false, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_slow_family"
    explain    = "Questions for A records of mail.example.com get no answer from 198.51.100.53, while others do: whether the name has an address is not known."
  }
}

run "the second server answers for one type, and the first knows no such name" {
  site = "example"
  result "check.dns" {
    rcode       = "NXDOMAIN"
    addresses   = []
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NXDOMAIN", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
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

run "the second server answers for one type, and the system finds nothing" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["AAAA"], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    cause      = "system_resolver_failing"
  }
}

run "packets are lost, and the system's look-up among them" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 2, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "timed out" }
    system_timed_out = true
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "packet_loss"
    explain    = "The DNS servers know mail.example.com (198.51.100.25), but questions or answers get lost on the way: 198.51.100.53 answered only when asked again, and this system's own look-up got no answer in time."
  }
}

run "nothing is lost, and the system's look-up gets no answer" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "timed out" }
    system_timed_out = true
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "system_resolver_failing"
  }
}

run "a packet is lost, and the system's look-up ends before DNS" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 1, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    cause      = "system_resolver_failing"
  }
}

run "a packet is lost, and the name is missing" {
  site = "example"
  result "check.dns" {
    rcode       = "NXDOMAIN"
    addresses   = []
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NXDOMAIN", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 1, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = true
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

run "EDNS is dropped" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = true, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    verdict    = "warn"
    root_cause = check.dns
    cause      = "dns_edns_dropped"
    explain    = "Questions with EDNS (RFC 6891), as most DNS programs send them, get no answer from 198.51.100.53; plain ones do. This system's look-ups still work…"
    status     = { smtp = "pass" }
  }
}

run "EDNS is dropped, and the system asks with it" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = true, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "timed out" }
    system_timed_out = true
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_edns_dropped"
    explain    = "…plain ones do. This system's own look-up fails: timed out."
  }
}

run "a filter whose address begins the server's refuses the port" {
  site = "example"
  result "check.dns" {
    rcode       = null
    addresses   = []
    answered_by = null
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = true, timed_out = true, mismatched = false, answered_from = null, icmp = { sender = "198.51.100.5", name = "port_unreachable" }, local_error = null },
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
    cause      = "dns_prohibited"
    explain    = "198.51.100.5 turns DNS questions to 198.51.100.53 away…"
  }
}

run "the server refuses the port, and the error does not say by which adapter it came" {
  site = "example"
  result "check.dns" {
    rcode       = null
    addresses   = []
    answered_by = null
    servers = [
      { server = "fe80::53%eth0", address = "fe80::53%eth0", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = true, timed_out = true, mismatched = false, answered_from = null, icmp = { sender = "fe80::53", name = "port_unreachable" }, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  result "fact.dns_server_tcp" { received = "" }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_service_down"
    explain    = "The computer fe80::53%eth0 is up…"
  }
}

run "a server on another port refuses" {
  site = "example"
  result "check.dns" {
    rcode       = null
    addresses   = []
    answered_by = null
    servers = [
      { server = "198.51.100.53:5353", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = true, timed_out = true, mismatched = false, answered_from = null, icmp = { sender = "198.51.100.53", name = "port_unreachable" }, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  result "fact.dns_server_tcp" { received = "" }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_service_down"
    explain    = "The computer 198.51.100.53:5353 is up…"
  }
}

run "the second of two servers refuses the port" {
  site = "example"
  result "check.dns" {
    rcode       = null
    addresses   = []
    answered_by = null
    servers = [
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = true, timed_out = true, mismatched = false, answered_from = null, icmp = { sender = "198.51.100.53", name = "port_unreachable" }, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  result "fact.dns_server_tcp" { received = "" }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_service_down"
    explain    = "The computer 198.51.100.53 is up…"
    remedy     = "Start the DNS service on 198.51.100.53;…"
  }
}

run "a filter turns questions to one of two servers away" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = { sender = "203.0.113.1", name = "admin_prohibited" }, local_error = null },
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
    verdict    = "warn"
    root_cause = check.dns
    cause      = "dns_slow_server"
    status     = { smtp = "pass" }
  }
}

run "the local stub is stopped" {
  site = "example"
  result "check.dns" {
    rcode       = null
    addresses   = []
    answered_by = null
    servers = [
      { server = "127.0.0.53", address = "127.0.0.53", on_this_computer = true, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = true, timed_out = true, mismatched = false, answered_from = null, icmp = { sender = "127.0.0.1", name = "port_unreachable" }, local_error = null },
    ]
    system           = { addresses = [], found = false, problem = "no such host" }
    system_timed_out = false
    hosts_file       = false
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  result "fact.dns_server_tcp" { received = "" }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_local_stub_down"
    explain    = "The DNS server 127.0.0.53 is this computer itself, and no DNS service answers here."
  }
}

run "the local stub is stopped, and another server answers" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "127.0.0.53", address = "127.0.0.53", on_this_computer = true, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = true, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    verdict    = "warn"
    root_cause = check.dns
    cause      = "dns_local_stub_down"
    explain    = "The DNS server 127.0.0.53 is this computer itself…"
    status     = { smtp = "pass" }
  }
}

run "the local stub answers, and another server does not" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "127.0.0.53"
    servers = [
      { server = "127.0.0.53", address = "127.0.0.53", on_this_computer = true, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    verdict    = "warn"
    root_cause = check.dns
    cause      = "dns_slow_server"
    explain    = "Of the DNS servers, 198.51.100.54 did not answer…"
    status     = { smtp = "pass" }
  }
}

run "answers come from elsewhere" {
  site = "example"
  result "check.dns" {
    rcode       = null
    addresses   = []
    answered_by = null
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = "198.51.100.99", icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    cause      = "dns_answers_from_elsewhere"
    explain    = "Answers to questions for 198.51.100.53 come from 198.51.100.99: programs drop them…"
  }
}

run "answers of the second server come from elsewhere" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = "198.51.100.99", icmp = null, local_error = null },
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
    verdict    = "warn"
    root_cause = check.dns
    cause      = "dns_answers_from_elsewhere"
    status     = { smtp = "pass" }
  }
}

run "the second server has no address for the name" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    verdict    = "warn"
    root_cause = check.dns
    cause      = "dns_server_unhelpful"
    explain    = "…198.51.100.53 says NOERROR, 198.51.100.54 says that it has no address…"
    status     = { smtp = "pass" }
  }
}

run "no DNS server, and a service beside DNS has the name" {
  site = "example"
  result "check.dns" {
    rcode            = null
    addresses        = []
    answered_by      = null
    servers          = []
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

run "no DNS server, and the hosts file has the name" {
  site = "example"
  result "check.dns" {
    rcode            = null
    addresses        = []
    answered_by      = null
    servers          = []
    system           = { addresses = ["198.51.100.25"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = true
    search_domain    = null
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "warn"
    root_cause = check.dns
    cause      = "dns_not_configured"
  }
}

run "nobody answers, and the hosts file has another address than the plan" {
  site = "example"
  result "check.dns" {
    rcode       = null
    addresses   = []
    answered_by = null
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["203.0.113.99"], found = true, problem = null }
    system_timed_out = false
    hosts_file       = true
    search_domain    = null
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
  }
}

run "a short name is completed to a name with a wrong address" {
  site = "example"
  vars = { mail_host = "mail" }
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
    search_domain    = "example.com"
    servers_disagree = false
    servers_in_turn  = false
    config_problems  = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.dns
    cause      = "dns_wrong_address"
  }
}

run "a service beside DNS has the planned address, and DNS no such name" {
  site = "example"
  result "check.dns" {
    rcode       = "NXDOMAIN"
    addresses   = []
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NXDOMAIN", rtt_ms = 4, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    cause      = "dns_name_missing"
  }
}

run "a service beside DNS has the planned address, and DNS one of the other family" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["2001:db8::25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["2001:db8::25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    verdict       = "fail"
    root_cause    = check.dns
    cause         = null
    not_ruled_out = []
    explain       = "The name mail.example.com does not lead to the mail host…"
  }
}

run "another address stands beside the planned one and one of the other family" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25", "203.0.113.99", "2001:db8::25"]
    answered_by = "198.51.100.53"
    servers = [
      { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25", "203.0.113.99", "2001:db8::25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
    ]
    system           = { addresses = ["198.51.100.25", "203.0.113.99", "2001:db8::25"], found = true, problem = null }
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
    explain    = "…leads to 203.0.113.99: part…"
  }
}

run "one of two local servers is stopped" {
  site = "example"
  result "check.dns" {
    rcode       = "NOERROR"
    addresses   = ["198.51.100.25"]
    answered_by = "127.0.0.1"
    servers = [
      { server = "::1", address = "::1", on_this_computer = true, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = true, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "127.0.0.1", address = "127.0.0.1", on_this_computer = true, answered = true, rcode = "NOERROR", rtt_ms = 4, extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
      { server = "198.51.100.54", address = "198.51.100.54", on_this_computer = false, answered = false, rcode = null, rtt_ms = null, extended_error = null, addresses = [], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, search_unanswered = [], unanswered = ["A", "AAAA"], lost = 0, refused = false, timed_out = true, mismatched = false, answered_from = null, icmp = null, local_error = null },
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
    verdict    = "warn"
    root_cause = check.dns
    cause      = "dns_local_stub_down"
    explain    = "The DNS server ::1 is this computer itself…"
    status     = { smtp = "pass" }
  }
}

run "mail_host is in brackets" {
  site = "example"
  vars = { mail_host = "[mail.example.com]:25" }
  expect {
    verdict = "pass"
    status  = { dns = "pass", smtp = "pass" }
  }
}

run "mail_host is an address in brackets" {
  site = "example"
  vars = { mail_host = "[IPv6:2001:db8::25]" }
  expect {
    verdict = "pass"
    status  = { dns = "skipped", smtp = "pass" }
  }
}

run "mail_host is an address with a zone" {
  site = "example"
  vars = { mail_host = "fe80::25%eth0" }
  expect {
    verdict = "pass"
    status  = { dns = "skipped", smtp = "pass" }
  }
}

run "mail_host is a URL" {
  site = "example"
  vars = { mail_host = "SMTP://mail.example.com" }
  expect {
    verdict = "pass"
    status  = { dns = "pass", smtp = "pass" }
  }
}
