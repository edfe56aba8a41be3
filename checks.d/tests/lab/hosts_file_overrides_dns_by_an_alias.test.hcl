# Written by the lab: see record_test.go.
run "hosts_file_overrides_dns_by_an_alias" {
  recording = "hosts_file_overrides_dns_by_an_alias.jsonl"
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
      cause   = "hosts_file_override"
      explain = "…10.140.143.102…10.140.122.187…"
    }
  }
}
