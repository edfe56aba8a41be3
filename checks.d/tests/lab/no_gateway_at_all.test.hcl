# Written by the lab: see record_test.go.
run "no_gateway_at_all" {
  recording = "no_gateway_at_all.jsonl"
  expect {
    verdict    = "pass"
    root_cause = []
    status = {
      adapter         = "pass"
      default_gateway = "skipped"
      dns             = "pass"
      local_subnet    = "skipped"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }
  }
}
