# Written by the lab: see record_test.go.
run "ehlo_is_answered_with_421" {
  recording = "ehlo_is_answered_with_421.jsonl"
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
      cause   = "smtp_not_ready"
      explain = "…mx41.site2268.example…421 4.7.0 Too many connections…"
    }
  }
}
