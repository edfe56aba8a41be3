# Written by the lab: see record_test.go.
run "an_ipv6_address_and_ipv6_switched_off_here" {
  recording = "an_ipv6_address_and_ipv6_switched_off_here.jsonl"
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
