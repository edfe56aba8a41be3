# Written by the lab: see record_test.go.
run "first_dns_server_refuses" {
  recording = "first_dns_server_refuses.jsonl"
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
      explain = "…192.168.90.107…REFUSED…"
    }
  }
}
