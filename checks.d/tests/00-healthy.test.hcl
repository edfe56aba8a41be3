# No false alarms: networks in which mail works.

run "everything works" {
  site = "example"
  expect {
    verdict    = "pass"
    root_cause = []
    status = {
      loopback        = "pass"
      adapter         = "pass"
      local_subnet    = "pass"
      default_gateway = "pass"
      remote_subnet   = "pass"
      path_mtu        = "pass"
      dns             = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }
    check "smtp_log" {
      reason = "…smtp_log…"
      skip   = "not_applicable"
    }
  }
}

run "the greeting is in the log as well" {
  site = "example"
  vars = { smtp_log = "/var/log/smtp.log" }
  expect {
    verdict = "pass"
    status  = { smtp_log = "pass" }
  }
}

run "without a profile only what this computer can discover is tried" {
  description = "Without a remote host there is no way out to look at, and no name to ask for: those steps are skipped, and each says which variable to set."
  expect {
    verdict = "pass"
    status = {
      loopback        = "pass"
      adapter         = "pass"
      local_subnet    = "skipped"
      default_gateway = "pass"
      remote_subnet   = "skipped"
      path_mtu        = "skipped"
      dns             = "skipped"
      smtp            = "skipped"
      smtp_log        = "skipped"
    }
    check "local_subnet" {
      reason = "…subnet_host…"
      skip   = "no_value"
    }
    check "remote_subnet" { reason = "…remote_host…" }
    check "dns" {
      reason = "…mail_host…"
      skip   = "no_value"
    }
  }
}
