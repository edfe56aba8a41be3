# Written by the lab: see record_test.go.
run "hosts_file_overrides_dns_ipv6" {
  recording = "hosts_file_overrides_dns_ipv6.jsonl"
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
      explain = "…fdf3:6500:0:7560:8000::88b1…fdf3:6500:0:fcf3::1187…"
    }
  }
}
