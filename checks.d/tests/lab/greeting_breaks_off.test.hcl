# Written by the lab: see record_test.go.
run "greeting_breaks_off" {
  recording = "greeting_breaks_off.jsonl"
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
      cause   = "smtp_no_greeting"
      explain = "…in the middle of its greeting…"
    }
  }
}
