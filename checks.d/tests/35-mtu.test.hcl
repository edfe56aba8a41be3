# Large packets.

run "large packets vanish" {
  site = "example"
  result "check.path_mtu" {
    mtu        = 1400
    black_hole = true
  }
  expect {
    verdict    = "fail"
    root_cause = check.path_mtu
    cause      = "mtu_black_hole"
    explain    = "Packets of up to 1400 bytes reach 198.51.100.25; larger ones vanish…"
    remedy     = "…set the adapter's MTU to 1400."
    status     = { remote_subnet = "pass", dns = "pass", smtp = "pass" }
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

run "the kernel tells no path MTU" {
  site = "example"
  result "check.path_mtu" {
    mtu        = null
    black_hole = null
  }
  expect { verdict = "pass" }
}
