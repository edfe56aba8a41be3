# Written by the lab: see record_test.go.
run "ehlo_and_helo_are_refused" {
  recording = "ehlo_and_helo_are_refused.jsonl"
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
      cause   = "smtp_helo_refused"
      explain = "…Invalid HELO name…"
    }
  }
}
