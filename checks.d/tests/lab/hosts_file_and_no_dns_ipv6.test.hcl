# Written by the lab: see record_test.go.
run "hosts_file_and_no_dns_ipv6" {
  recording = "hosts_file_and_no_dns_ipv6.jsonl"
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
      cause   = "dns_not_configured"
      explain = "…fdef:a800:0:fd93::e195…"
    }
  }
}
