# Written by the lab: see record_test.go.
run "remote_host_on_the_own_subnet" {
  recording = "remote_host_on_the_own_subnet.jsonl"
  expect {
    verdict    = "pass"
    root_cause = []
    status = {
      adapter         = "pass"
      default_gateway = "skipped"
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
