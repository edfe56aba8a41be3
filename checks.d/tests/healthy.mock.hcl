# What is observed at the site "example" (sites.d/example.hcl) while everything
# works. Each test states only what differs from this; to see what a fault looks
# like, compare its results with these.

result "fact.loopback" {
  name     = "lo"
  found    = true
  admin_up = true

  ignores_ping = false
}

result "fact.loopback_tcp" {
  connected = false
  refused   = true
  icmp      = null
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

  prefix_lengths = [24]
  chosen_by      = "near"
  below          = null
  idle           = []
  duplicates     = []
  claimed_by     = null
}

# The host on the same subnet, 192.0.2.20.
result "check.local_subnet" {
  sent        = 3
  received    = 3
  loss_pct    = 0
  rtt_avg_ms  = 0.4
  duplicates  = 0
  strangers   = 0
  answered_by = null
  local_error = null
  icmp        = null
}

result "fact.subnet_route" {
  found   = true
  kind    = "unicast"
  on_link = true
  gateway = null
  prefix  = "192.0.2.0/24"
  table   = 254

  interface = "eth0"
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
  duplicates  = 0
  strangers   = 0
  answered_by = null
  local_error = null
  icmp        = null
}

result "fact.default_route" {
  found     = true
  kind      = "unicast"
  on_link   = false
  gateway   = "192.0.2.1"
  gateways  = ["192.0.2.1"]
  interface = "eth0"
  source    = "192.0.2.10"
  prefix    = "0.0.0.0/0"
  table     = 254
}

result "fact.way_out" {
  found     = true
  kind      = "unicast"
  on_link   = false
  gateway   = "192.0.2.1"
  gateways  = ["192.0.2.1"]
  interface = "eth0"
  source    = "192.0.2.10"
  prefix    = "0.0.0.0/0"
  table     = 254
}

result "fact.gateway_route" {
  found     = true
  kind      = "unicast"
  on_link   = true
  gateway   = null
  interface = "eth0"
  prefix    = "192.0.2.0/24"
  table     = 254
}

result "fact.gateway_neighbour" {
  state     = "reachable"
  reachable = true
  mac       = "02:00:00:00:00:01"
}

result "fact.gateway_answers" { answered_macs = ["02:00:00:00:00:01"] }

# The remote host, 198.51.100.25.
result "check.remote_subnet" {
  sent        = 3
  received    = 3
  loss_pct    = 0
  rtt_avg_ms  = 12
  duplicates  = 0
  strangers   = 0
  answered_by = null
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

result "fact.way_out_link" {
  name           = "eth0"
  found          = true
  addresses      = ["192.0.2.10"]
  point_to_point = false
}

result "fact.remote_tcp" {
  connected  = true
  refused    = false
  connect_ms = 12
  icmp       = null
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

result "fact.lossy_attempt[\"fifth\"]" {
  connected  = true
  refused    = false
  connect_ms = 12
  icmp       = null
}

result "fact.lossy_attempt[\"sixth\"]" {
  connected  = true
  refused    = false
  connect_ms = 12
  icmp       = null
}

result "fact.lossy_attempt[\"seventh\"]" {
  connected  = true
  refused    = false
  connect_ms = 12
  icmp       = null
}

result "fact.lossy_attempt[\"eighth\"]" {
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

# Asked only where the remote host does not answer; then no address of this
# computer's own gets an answer.
result "fact.remote_from[\"first\"]" {
  received = 0
  icmp     = null
}

result "fact.remote_from[\"second\"]" {
  received = 0
  icmp     = null
}

result "fact.way_redirected" { redirected_to = null }

result "fact.remote_trace" {
  reached      = true
  loop         = false
  silent_after = null
  last_sender  = "198.51.100.25"
  icmp         = null
  hops         = [{ ttl = 1, sender = "192.0.2.1", rtt_ms = 1, icmp = { name = "ttl_exceeded" } }, { ttl = 2, sender = "203.0.113.1", rtt_ms = 2, icmp = { name = "ttl_exceeded" } }, { ttl = 3, sender = "198.51.100.25", rtt_ms = 12, icmp = null }]

  reverse_path_drops = 0
}

result "check.path_mtu" {
  mtu         = 1500
  black_hole  = false
  measured_by = "icmp"
  direction   = null
  recovers    = false
}

# The name, mail.example.com.
result "check.dns" {
  rcode     = "NOERROR"
  addresses = ["198.51.100.25"]
  servers = [
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

result "fact.dns_server_ping" { received = 2 }

result "fact.dns_server_tcp" {
  connected = true
  received  = "\u0000\u0017\u00124"
}

# The mail service.
result "check.smtp" {
  connected   = true
  refused     = false
  timed_out   = false
  address     = "198.51.100.25"
  attempts    = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
  is_smtp     = true
  code        = 220
  greeting    = "220 mail.example.com ESMTP"
  greeting_ms = 40

  answered_here     = null
  answered_nearer   = false
  nearer_hop        = null
  nearer_router     = null
  icmp_origin       = null
  masked            = null
  expects_tls       = false
  provoked          = null
  greeting_name     = "mail.example.com"
  greeting_relation = "name"
  dialogue          = "completed"
  ehlo_ms           = 2
  ehlo_reply        = "250 mail.example.com"

  closed_early = false
  local_error  = null
  icmp         = null
}

result "fact.mail_route" {
  found     = true
  kind      = "unicast"
  on_link   = false
  gateway   = "192.0.2.1"
  interface = "eth0"
}

result "fact.mail_ping_route" {
  found         = true
  kind          = "unicast"
  on_link       = false
  gateway       = "192.0.2.1"
  interface     = "eth0"
  redirected_to = null
}

result "fact.mail_neighbour" { reachable = true }

result "fact.mail_ping" { received = 3 }

# Four hops to the mail host, for pings and connections alike.
result "fact.mail_trace" {
  reached = true
  loop    = false
  hops = [
    { ttl = 1, sender = "192.0.2.1" }, { ttl = 2, sender = "203.0.113.1" },
    { ttl = 3, sender = "203.0.113.5" }, { ttl = 4, sender = "198.51.100.25" },
  ]
}

result "fact.mail_path" {
  reached = true
  hops = [
    { ttl = 1, sender = "192.0.2.1" }, { ttl = 2, sender = "203.0.113.1" },
    { ttl = 3, sender = "203.0.113.5" }, { ttl = 4, sender = "198.51.100.25" },
  ]
}

result "check.smtp_log" {
  found   = true
  matched = true
}
