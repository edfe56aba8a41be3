# Written by the lab: see record_test.go.
run "greeting_not_logged" {
  recording = "greeting_not_logged.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.smtp_log]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "fail"
    }

    check "smtp_log" {
      cause   = "greeting_not_logged"
      explain = "…/tmp/lc-6048-11/smtp.log…"
    }
  }
}
