# Large packets.

run "large packets vanish" {
  site = "example"
  result "check.path_mtu" {
    mtu         = 1400
    black_hole  = true
    measured_by = "tcp"
    direction   = "out"
    recovers    = false
  }
  expect {
    verdict    = "fail"
    root_cause = check.path_mtu
    cause      = "mtu_black_hole"
    explain    = "Packets of up to 1400 bytes reach 198.51.100.25; larger ones vanish without the \"too big\" message that would make this computer send smaller ones. Mail connects, then hangs."
    remedy     = "…set the adapter's MTU to 1400."
    status     = { remote_subnet = "pass", dns = "pass", smtp = "pass" }
  }
}

run "large packets vanish on the way back" {
  site = "example"
  result "check.path_mtu" {
    mtu         = null
    black_hole  = true
    measured_by = "tcp"
    direction   = "back"
    recovers    = false
  }
  expect {
    verdict    = "fail"
    root_cause = check.path_mtu
    cause      = "mtu_black_hole"
    explain    = "Large packets from 198.51.100.25 to this computer vanish without the \"too big\" message that would make 198.51.100.25 send smaller ones. Connections come about; then long replies, a certificate say, never arrive."
    remedy     = "…give this computer's adapter a smaller MTU (1280…"
  }
}

run "large pings vanish, and there is no mail service to try it with TCP" {
  site = "example"
  result "check.path_mtu" {
    mtu         = 1400
    black_hole  = true
    measured_by = "icmp"
    direction   = null
    recovers    = false
  }
  expect {
    verdict    = "warn"
    root_cause = check.path_mtu
    cause      = "mtu_black_hole"
    explain    = "…That was seen with pings alone…unless it is only a filter for large pings."
  }
}

run "this computer gets round the black hole by itself" {
  site = "example"
  result "check.path_mtu" {
    mtu         = 1076
    black_hole  = true
    measured_by = "tcp"
    direction   = "out"
    recovers    = true
  }
  expect {
    verdict    = "warn"
    root_cause = check.path_mtu
    cause      = "mtu_black_hole"
    explain    = "…Mail hangs for some seconds, until this computer tries smaller ones by itself."
  }
}

run "the path MTU could not be found out" {
  description = "What was not observed accuses nobody, and does not pass either."
  site        = "example"
  result "check.path_mtu" { mtu = 1500 }
  expect {
    verdict    = "error"
    root_cause = check.path_mtu
    status     = { smtp = "pass" }
    check "path_mtu" { reason = "not observed: result.black_hole" }
  }
}

run "too much is lost to tell the path MTU" {
  site = "example"
  result "check.path_mtu" {
    mtu         = null
    black_hole  = null
    measured_by = null
    direction   = null
    recovers    = false
  }
  expect { verdict = "pass" }
}
