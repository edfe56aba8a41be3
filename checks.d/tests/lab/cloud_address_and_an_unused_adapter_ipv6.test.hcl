# Written by the lab: see record_test.go.
run "cloud_address_and_an_unused_adapter_ipv6" {
  recording = "cloud_address_and_an_unused_adapter_ipv6.jsonl"
  expect {
    verdict    = "pass"
    root_cause = []
    status = {
      adapter         = "pass"
      default_gateway = "pass"
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
