# Written by the lab: see record_test.go.
run "greets_as_planned_with_a_name_of_somebody_else's" {
  recording = "greets_as_planned_with_a_name_of_somebody_else's.jsonl"
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
