# Written by the lab: see record_test.go.
run "only_the_mail_host_is_known_ipv6" {
  recording = "only_the_mail_host_is_known_ipv6.jsonl"
  expect {
    verdict    = "pass"
    root_cause = []
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "skipped"
      loopback        = "pass"
      path_mtu        = "skipped"
      remote_subnet   = "skipped"
      smtp            = "pass"
      smtp_log        = "skipped"
    }
  }
}
