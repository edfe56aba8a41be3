# Written by the lab: see record_test.go.
run "first_dns_server_fails" {
  recording = "first_dns_server_fails.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.dns]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "warn"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "dns" {
      cause   = "dns_server_unhelpful"
      explain = "…10.45.234.227…SERVFAIL…"
    }
  }
}
