# The first two rungs: this computer by itself.

run "a firewall rule drops pings to the loopback address on the way out" {
  description = "Read literally, the old procedure blames the network adapter here."
  site        = "example"
  result "check.loopback" {
    sent        = 3
    received    = 0
    local_error = "filtered"
  }
  expect {
    verdict    = "fail"
    root_cause = check.loopback
    cause      = "loopback_filtered"
    explain    = "This computer's own firewall does not let pings to 127.0.0.1 out."
    remedy     = "…The network adapter is not to blame."
    evidence   = { "result.local_error" = "filtered" }
    status     = { adapter = "blocked", local_subnet = "blocked", default_gateway = "blocked", remote_subnet = "blocked", path_mtu = "blocked", dns = "blocked", smtp = "blocked", smtp_log = "skipped" }
  }
}

run "a firewall rule drops pings to the loopback address on the way in" {
  site = "example"
  result "check.loopback" {
    sent        = 3
    received    = 0
    local_error = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.loopback
    cause      = "loopback_filtered"
    explain    = "The loopback interface is up and holds 127.0.0.1…firewall rule…"
  }
}

run "the kernel was told to ignore pings" {
  description = "Nothing is wrong with loopback, and mail gets through."
  site        = "example"
  result "check.loopback" {
    sent        = 3
    received    = 0
    local_error = null
  }
  result "fact.loopback" {
    found        = true
    admin_up     = true
    ignores_ping = true
  }
  expect {
    verdict    = "warn"
    root_cause = check.loopback
    cause      = "loopback_ignores_ping"
    explain    = "This computer was told to leave all pings unanswered…"
    remedy     = "Nothing has to be done for mail…icmp_echo_ignore_all…"
    status     = { adapter = "pass", smtp = "pass" }
  }
}

run "the kernel was told to ignore pings, and something listens" {
  site = "example"
  result "check.loopback" {
    sent        = 3
    received    = 0
    local_error = null
  }
  result "fact.loopback" {
    found        = true
    admin_up     = true
    ignores_ping = true
  }
  result "fact.loopback_tcp" {
    connected = true
    refused   = false
    icmp      = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.loopback
    cause      = "loopback_ignores_ping"
  }
}

run "the kernel was told to ignore pings, and a firewall drops all else" {
  site = "example"
  result "check.loopback" {
    sent        = 3
    received    = 0
    local_error = null
  }
  result "fact.loopback" {
    found        = true
    admin_up     = true
    ignores_ping = true
  }
  result "fact.loopback_tcp" {
    connected = false
    refused   = false
    icmp      = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.loopback
    cause      = "loopback_filtered"
  }
}

run "a firewall that rejects is no proof that loopback works" {
  site = "example"
  result "check.loopback" {
    sent        = 3
    received    = 0
    local_error = null
  }
  result "fact.loopback" {
    found        = true
    admin_up     = true
    ignores_ping = true
  }
  result "fact.loopback_tcp" {
    connected = false
    refused   = true
    icmp      = { type = 3, code = 3, name = "port_unreachable", sender = "127.0.0.1" }
  }
  expect {
    verdict    = "fail"
    root_cause = check.loopback
    cause      = "loopback_filtered"
  }
}

run "the loopback interface is switched off" {
  site = "example"
  result "check.loopback" {
    sent        = 3
    received    = 0
    local_error = "no_route"
  }
  result "fact.loopback" {
    found        = true
    admin_up     = false
    ignores_ping = false
  }
  expect {
    verdict    = "fail"
    root_cause = check.loopback
    cause      = "loopback_down"
    explain    = "No interface that is up holds 127.0.0.1…"
    remedy     = "…ip link set lo up…"
  }
}

run "the loopback interface has lost its address" {
  site = "example"
  result "check.loopback" {
    sent        = 3
    received    = 0
    local_error = "no_route"
  }
  result "fact.loopback" {
    found        = false
    ignores_ping = false
  }
  expect {
    verdict       = "fail"
    root_cause    = check.loopback
    cause         = "loopback_down"
    not_ruled_out = []
  }
}

run "nobody looked at the loopback interface" {
  description = "What was not observed accuses nobody: all three causes could be, and none is the answer."
  site        = "example"
  result "check.loopback" {
    sent        = 3
    received    = 0
    local_error = null
  }
  result "fact.loopback" { error = "no permission" }
  expect {
    verdict       = "fail"
    root_cause    = check.loopback
    cause         = null
    explain       = "127.0.0.1 does not answer. The network software of this computer itself does not work…"
    not_ruled_out = ["loopback_ignores_ping", "loopback_filtered", "loopback_down"]
  }
}

run "it is not known whether the interface that is up holds the loopback address" {
  site = "example"
  result "check.loopback" {
    sent        = 3
    received    = 0
    local_error = null
  }
  result "fact.loopback" {
    admin_up     = true
    ignores_ping = false
  }
  expect {
    verdict       = "fail"
    root_cause    = check.loopback
    cause         = null
    not_ruled_out = ["loopback_filtered", "loopback_down"]
  }
}

run "the adapter is switched off" {
  site = "example"
  result "check.adapter" {
    name       = "eth0"
    found      = true
    admin_up   = false
    addresses  = ["192.0.2.10"]
    chosen_by  = "near"
    below      = null
    duplicates = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.adapter
    cause      = "adapter_down"
    explain    = "The adapter eth0 is switched off in this computer's settings."
    remedy     = "…ip link set eth0 up…"
    status     = { loopback = "pass", local_subnet = "blocked", default_gateway = "blocked", remote_subnet = "blocked", dns = "blocked", smtp = "blocked" }
  }
}

run "an adapter that nobody is near is switched off, and the other one is near nobody either" {
  description = "Which of the two is wrong can't be told: the text says both."
  site        = "example"
  result "check.adapter" {
    name       = "eth1"
    found      = true
    admin_up   = false
    addresses  = []
    chosen_by  = "idle"
    below      = null
    duplicates = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.adapter
    cause      = "adapter_down"
    explain    = "The adapter eth1 is switched off…either eth1 is the one that leads there, or another's address or mask is wrong."
  }
}

run "the cable is out" {
  site = "example"
  result "check.adapter" {
    name       = "eth0"
    found      = true
    admin_up   = true
    carrier    = false
    addresses  = ["192.0.2.10"]
    chosen_by  = "near"
    below      = null
    duplicates = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.adapter
    cause      = "link_down"
    explain    = "The adapter eth0 is switched on but sees no carrier…(of a tunnel: its program does not run)."
  }
}

run "the cable of an adapter that nobody is near is out" {
  site = "example"
  result "check.adapter" {
    name       = "eth1"
    found      = true
    admin_up   = true
    carrier    = false
    addresses  = []
    chosen_by  = "idle"
    below      = null
    duplicates = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.adapter
    cause      = "link_down"
    explain    = "The adapter eth1…either eth1 is the one that leads there, or…"
  }
}

run "the adapter of a VLAN is switched off" {
  site = "example"
  result "check.adapter" {
    name       = "eth0.7"
    found      = true
    admin_up   = false
    addresses  = ["192.0.2.10"]
    chosen_by  = "near"
    below      = "eth0"
    duplicates = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.adapter
    cause      = "adapter_below_down"
    explain    = "The adapter eth0.7 can't work, since eth0 that it stands on…"
    remedy     = "Switch eth0 on…"
  }
}

run "the adapter of a VLAN has no carrier" {
  site = "example"
  result "check.adapter" {
    name       = "eth0.7"
    found      = true
    admin_up   = true
    carrier    = false
    addresses  = ["192.0.2.10"]
    chosen_by  = "near"
    below      = "eth0"
    duplicates = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.adapter
    cause      = "adapter_below_down"
  }
}

run "a port of a bridge is off, and the bridge works" {
  site = "example"
  result "check.adapter" {
    name       = "br0"
    found      = true
    admin_up   = true
    carrier    = true
    addresses  = []
    chosen_by  = "near"
    below      = "eth0"
    duplicates = []
  }
  expect {
    verdict       = "fail"
    root_cause    = check.adapter
    cause         = "no_address"
    not_ruled_out = []
  }
}

run "the adapter has no address" {
  site = "example"
  result "check.adapter" {
    name       = "eth0"
    found      = true
    admin_up   = true
    carrier    = true
    addresses  = []
    chosen_by  = "default_route"
    below      = null
    duplicates = []
  }
  result "fact.way_out" {
    found     = false
    interface = null
    source    = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.adapter
    cause      = "no_address"
    explain    = "The adapter eth0 has no address of its own that is good beyond its cable."
  }
}

run "an adapter has lost its address beside one that works" {
  site = "example"
  result "check.adapter" {
    name       = "eth0"
    found      = true
    admin_up   = true
    carrier    = true
    addresses  = []
    chosen_by  = "idle"
    below      = null
    duplicates = []
  }
  result "fact.way_out" {
    found     = true
    interface = "wan0"
    source    = "203.0.113.5"
  }
  expect {
    verdict    = "fail"
    root_cause = check.adapter
    cause      = "no_address"
    explain    = "The adapter eth0 has no address…either eth0 is the one that leads there, or…"
  }
}

run "another computer has this computer's address" {
  site = "example"
  result "check.adapter" {
    name       = "eth0"
    found      = true
    admin_up   = true
    carrier    = true
    addresses  = ["192.0.2.10"]
    chosen_by  = "near"
    below      = null
    duplicates = ["192.0.2.10"]
    claimed_by = "02:00:00:00:00:99"
  }
  expect {
    verdict    = "fail"
    root_cause = check.adapter
    cause      = "duplicate_address"
    explain    = "Another computer on this subnet has this computer's address 192.0.2.10 (asked for it, hardware address 02:00:00:00:00:99 answers)…"
    evidence   = { "result.duplicates" = ["192.0.2.10"] }
    status     = { local_subnet = "blocked" }
  }
}

run "the kernel found this computer's IPv6 address with another computer" {
  site = "example"
  result "check.adapter" {
    name       = "eth0"
    found      = true
    admin_up   = true
    carrier    = true
    addresses  = []
    chosen_by  = "route"
    below      = null
    duplicates = ["2001:db8:1::10"]
    claimed_by = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.adapter
    cause      = "duplicate_address"
    explain    = "Another computer on this subnet has this computer's address 2001:db8:1::10. Answers…"
  }
}

run "there is no adapter" {
  site = "example"
  result "check.adapter" {
    found      = false
    addresses  = []
    below      = null
    duplicates = []
  }
  expect {
    verdict       = "fail"
    root_cause    = check.adapter
    cause         = null
    explain       = "No network adapter that leads out was found…"
    not_ruled_out = []
  }
}

run "the profile names an adapter that is not there" {
  site = "example"
  vars = { adapter = "eth7" }
  result "check.adapter" {
    found      = false
    addresses  = []
    below      = null
    duplicates = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.adapter
    cause      = null
    explain    = "This computer has no adapter eth7."
  }
}

run "it is not known whether the adapter that is down is there at all" {
  site = "example"
  result "check.adapter" {
    admin_up   = false
    addresses  = ["192.0.2.10"]
    below      = null
    duplicates = []
  }
  expect {
    verdict       = "fail"
    root_cause    = check.adapter
    cause         = null
    not_ruled_out = ["adapter_down"]
  }
}

run "the adapter has lost its IPv4 address beside the other family's" {
  site = "example"
  result "check.adapter" {
    name           = "eth0"
    found          = true
    admin_up       = true
    carrier        = true
    addresses      = ["2001:db8::10"]
    prefix_lengths = [64]
    chosen_by      = "default_route"
    below          = null
    duplicates     = []
  }
  result "fact.way_out" {
    found     = false
    interface = null
    source    = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.adapter
    cause      = "no_address"
    explain    = "The adapter eth0 has no IPv4 address of its own that is good beyond its cable."
  }
}

run "the adapter has lost its IPv6 address beside the other family's" {
  site = "example"
  vars = { subnet_host = "2001:db8::20", default_gateway = "2001:db8::1", remote_host = "2001:db8:25::25" }
  result "check.adapter" {
    name           = "eth0"
    found          = true
    admin_up       = true
    carrier        = true
    addresses      = ["192.0.2.10"]
    prefix_lengths = [24]
    chosen_by      = "default_route"
    below          = null
    duplicates     = []
  }
  result "fact.way_out" {
    found     = false
    interface = null
    source    = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.adapter
    cause      = "no_address"
    explain    = "The adapter eth0 has no IPv6 address of its own that is good beyond its cable."
  }
}

run "the address stands on loopback and is sent from by the adapter" {
  site = "example"
  result "check.adapter" {
    name           = "eth0"
    found          = true
    admin_up       = true
    carrier        = true
    addresses      = []
    prefix_lengths = []
    duplicates     = []
  }
  expect {
    verdict = "pass"
  }
}
