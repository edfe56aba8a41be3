# What is observed at the site "example" (sites.d/example.hcl) while everything
# works. Each test states only what differs from this; to see what a fault looks
# like, compare its results with these.

result "fact.loopback" {
  name     = "lo"
  found    = true
  admin_up = true
}

result "check.loopback" {
  sent        = 3
  received    = 3
  loss_pct    = 0
  rtt_avg_ms  = 0.03
  local_error = null
  icmp        = null
}

result "check.adapter" {
  name      = "eth0"
  found     = true
  admin_up  = true
  carrier   = true
  addresses = ["192.0.2.10"]
}

# The host on the same subnet, 192.0.2.20.
result "check.local_subnet" {
  sent        = 3
  received    = 3
  loss_pct    = 0
  rtt_avg_ms  = 0.4
  local_error = null
  icmp        = null
}

result "fact.subnet_route" {
  found   = true
  kind    = "unicast"
  on_link = true
  gateway = null
  prefix  = "192.0.2.0/24"
}

result "fact.subnet_neighbour" {
  state     = "reachable"
  reachable = true
  mac       = "02:00:00:00:00:20"
}

# The gateway, 192.0.2.1.
result "check.default_gateway" {
  sent        = 3
  received    = 3
  loss_pct    = 0
  rtt_avg_ms  = 0.5
  local_error = null
  icmp        = null
}

result "fact.default_route" {
  found   = true
  kind    = "unicast"
  on_link = false
  gateway = "192.0.2.1"
  prefix  = "0.0.0.0/0"
  table   = 254
}

result "fact.way_out" {
  found   = true
  kind    = "unicast"
  on_link = false
  gateway = "192.0.2.1"
  prefix  = "0.0.0.0/0"
  table   = 254
}

result "fact.gateway_neighbour" {
  state     = "reachable"
  reachable = true
  mac       = "02:00:00:00:00:01"
}

# The remote host, 198.51.100.25.
result "check.remote_subnet" {
  sent        = 3
  received    = 3
  loss_pct    = 0
  rtt_avg_ms  = 12
  local_error = null
  icmp        = null
}

result "fact.beyond" {
  received = 2
  icmp     = null
}

result "fact.beyond_tcp" {
  connected = true
  refused   = false
  icmp      = null
}

result "fact.remote_tcp" {
  connected = true
  refused   = false
  icmp      = null
}

result "fact.remote_trace" {
  reached      = true
  loop         = false
  silent_after = null
  last_sender  = "198.51.100.25"
  icmp         = null
}

result "check.path_mtu" {
  mtu        = 1500
  black_hole = false
}

# The name, mail.example.com.
result "check.dns" {
  rcode     = "NOERROR"
  addresses = ["198.51.100.25"]
  servers = [
    { server = "198.51.100.53", address = "198.51.100.53", on_this_computer = false, answered = true, rcode = "NOERROR", extended_error = null, addresses = ["198.51.100.25"], addresses_known = true, rotates = false, alias = null, referral = false, tcp_error = null, edns_dropped = false, unanswered = [], lost = 0, refused = false, timed_out = false, mismatched = false, answered_from = null, icmp = null, local_error = null },
  ]
  system           = { addresses = ["198.51.100.25"], found = true, problem = null }
  system_timed_out = false
  hosts_file       = false
  search_domain    = null
  answered_by      = "198.51.100.53"
  servers_disagree = false
}

result "fact.dns_server_ping" { received = 2 }

result "fact.dns_server_tcp" {
  connected = true
  received  = "\u0000\u0017\u00124"
}

# The mail service.
result "check.smtp" {
  connected    = true
  refused      = false
  timed_out    = false
  address      = "198.51.100.25"
  is_smtp      = true
  code         = 220
  greeting     = "220 mail.example.com ESMTP"
  closed_early = false
  local_error  = null
  icmp         = null
}

result "check.smtp_log" {
  found   = true
  matched = true
}
