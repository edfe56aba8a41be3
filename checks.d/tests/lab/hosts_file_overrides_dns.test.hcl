# Written by the lab: see record_test.go.
run "hosts_file_overrides_dns" {
  recording = "hosts_file_overrides_dns.jsonl"
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
      explain = "…172.19.195.214…172.19.112.106…"
    }
  }
}
