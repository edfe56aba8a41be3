# Written by the lab: see record_test.go.
run "dns_before_the_hosts_file_with_a_criterion" {
  recording = "dns_before_the_hosts_file_with_a_criterion.jsonl"
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
