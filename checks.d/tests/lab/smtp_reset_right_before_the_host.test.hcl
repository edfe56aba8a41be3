# Written by the lab: see record_test.go.
run "smtp_reset_right_before_the_host" {
  recording = "smtp_reset_right_before_the_host.jsonl"
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
      cause   = "smtp_refused"
      explain = "…right before it…"
    }
  }
}
