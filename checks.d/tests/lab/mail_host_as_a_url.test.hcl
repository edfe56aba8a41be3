# Written by the lab: see record_test.go.
run "mail_host_as_a_url" {
  recording = "mail_host_as_a_url.jsonl"
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
