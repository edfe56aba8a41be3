# Written by the lab: see record_test.go.
run "no_router_between_ipv6" {
  recording = "no_router_between_ipv6.jsonl"
  expect {
    verdict    = "pass"
    root_cause = []
    status = {
      adapter         = "pass"
      default_gateway = "skipped"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "skipped"
      remote_subnet   = "skipped"
      smtp            = "pass"
      smtp_log        = "skipped"
    }
  }
}
