# Written by the lab: see record_test.go.
run "answers_come_by_another_adapter_and_are_let_in" {
  recording = "answers_come_by_another_adapter_and_are_let_in.jsonl"
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
