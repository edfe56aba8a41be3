# Written by the lab: see record_test.go.
run "mail_goes_round_in_a_circle" {
  recording = "mail_goes_round_in_a_circle.jsonl"
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
      cause   = "routing_loop"
      explain = "…198.51.100.7…"
    }
  }
}
