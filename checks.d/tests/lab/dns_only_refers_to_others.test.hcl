# Written by the lab: see record_test.go.
run "dns_only_refers_to_others" {
  recording = "dns_only_refers_to_others.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.dns]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "fail"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "dns" {
      cause   = "dns_server_failing"
      explain = "…names of other servers…"
    }
  }
}
