# Written by the lab: see record_test.go.
run "second_dns_server_has_no_address" {
  recording = "second_dns_server_has_no_address.jsonl"
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
      explain = "…172.23.9.45 says that it has no address…"
    }
  }
}
