# Written by the lab: see record_test.go.
run "ehlo_is_answered_after_three_seconds" {
  recording = "ehlo_is_answered_after_three_seconds.jsonl"
  expect {
    verdict    = "pass"
    root_cause = []
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }
  }
}
