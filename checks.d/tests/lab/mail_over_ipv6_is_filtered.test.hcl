# Written by the lab: see record_test.go.
run "mail_over_ipv6_is_filtered" {
  recording = "mail_over_ipv6_is_filtered.jsonl"
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
      cause   = "smtp_some_addresses_dead"
      explain = "…192.168.124.73…fda7:3600:0:978a:8000::3722…"
    }
  }
}
