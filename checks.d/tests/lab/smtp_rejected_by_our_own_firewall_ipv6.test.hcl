# Written by the lab: see record_test.go.
run "smtp_rejected_by_our_own_firewall_ipv6" {
  recording = "smtp_rejected_by_our_own_firewall_ipv6.jsonl"
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
      cause   = "local_filter"
      explain = "…mx26.site4477.example…25…"
    }
  }
}
