# Written by the lab: see record_test.go.
run "ehlo_is_answered_after_twelve_seconds" {
  recording = "ehlo_is_answered_after_twelve_seconds.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.smtp]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "warn"
      smtp_log        = "skipped"
    }

    check "smtp" {
      cause   = "smtp_slow_greeting"
      explain = "…mx91.site6759.example…answers EHLO after 12…"
    }
  }
}
