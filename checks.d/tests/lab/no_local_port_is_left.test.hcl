# Written by the lab: see record_test.go.
run "no_local_port_is_left" {
  recording = "no_local_port_is_left.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.smtp]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "fail"
      smtp_log        = "skipped"
    }

    check "smtp" {
      cause   = "local_ports_exhausted"
      explain = "…mx13.site6681.example…25…"
    }
  }
}
