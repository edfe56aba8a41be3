# The first two rungs: this computer by itself.

run "a firewall rule drops pings to the loopback address" {
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
    explain    = "The loopback interface is up and holds 127.0.0.1…firewall rule…"
    remedy     = "…The network adapter is not to blame."
    evidence   = { "result.local_error" = "filtered" }
    status     = { adapter = "blocked", local_subnet = "blocked", default_gateway = "blocked", remote_subnet = "blocked", path_mtu = "blocked", dns = "blocked", smtp = "blocked", smtp_log = "skipped" }
  }
}

run "the kernel was told to ignore pings" {
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
    explain    = "…holds 127.0.0.1…"
    remedy     = "…icmp_echo_ignore_all…"
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
    found    = true
    admin_up = false
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
  result "fact.loopback" { found = false }
  expect {
    verdict       = "fail"
    root_cause    = check.loopback
    cause         = "loopback_down"
    not_ruled_out = []
  }
}

run "nobody looked at the loopback interface" {
  description = "What was not observed accuses nobody: both causes could be, and neither is the answer."
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
    not_ruled_out = ["loopback_filtered", "loopback_down"]
  }
}

run "the adapter is switched off" {
  site = "example"
  result "check.adapter" {
    name      = "eth0"
    found     = true
    admin_up  = false
    carrier   = false
    addresses = ["192.0.2.10"]
  }
  expect {
    verdict    = "fail"
    root_cause = check.adapter
    cause      = "adapter_down"
    explain    = "The adapter eth0 is switched off…"
    remedy     = "…ip link set eth0 up…"
    status     = { loopback = "pass", local_subnet = "blocked", default_gateway = "blocked", remote_subnet = "blocked", dns = "blocked", smtp = "blocked" }
  }
}

run "the cable is out" {
  site = "example"
  result "check.adapter" {
    name      = "eth0"
    found     = true
    admin_up  = true
    carrier   = false
    addresses = ["192.0.2.10"]
  }
  expect {
    verdict    = "fail"
    root_cause = check.adapter
    cause      = "link_down"
    explain    = "The adapter eth0 is switched on but sees no carrier…"
  }
}

run "the adapter has no address" {
  site = "example"
  result "check.adapter" {
    name      = "eth0"
    found     = true
    admin_up  = true
    carrier   = true
    addresses = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.adapter
    cause      = "no_address"
    explain    = "The adapter eth0 has no address…"
  }
}

run "there is no adapter" {
  site = "example"
  result "check.adapter" {
    found     = false
    addresses = []
  }
  expect {
    verdict       = "fail"
    root_cause    = check.adapter
    cause         = null
    explain       = "No network adapter that leads out was found…"
    not_ruled_out = []
  }
}

run "it is not known whether the adapter that is down is there at all" {
  site = "example"
  result "check.adapter" {
    admin_up  = false
    carrier   = false
    addresses = ["192.0.2.10"]
  }
  expect {
    verdict       = "fail"
    root_cause    = check.adapter
    cause         = null
    not_ruled_out = ["adapter_down"]
  }
}

run "it is not known whether the interface that is up holds the loopback address" {
  site = "example"
  result "check.loopback" {
    sent        = 3
    received    = 0
    local_error = null
  }
  result "fact.loopback" { admin_up = true }
  expect {
    verdict       = "fail"
    root_cause    = check.loopback
    cause         = null
    not_ruled_out = ["loopback_filtered", "loopback_down"]
  }
}
