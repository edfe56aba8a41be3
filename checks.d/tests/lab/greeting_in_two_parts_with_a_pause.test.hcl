# Written by the lab: see record_test.go.
run "greeting_in_two_parts_with_a_pause" {
  recording = "greeting_in_two_parts_with_a_pause.jsonl"
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
