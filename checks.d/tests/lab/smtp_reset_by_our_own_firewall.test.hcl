# Written by the lab: see record_test.go.
run "smtp_reset_by_our_own_firewall" {
  recording = "smtp_reset_by_our_own_firewall.jsonl"
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
      explain = "…mx88.site9184.example…25…"
    }
  }
}
