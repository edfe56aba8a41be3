# Written by the lab: see record_test.go.
run "gateway_loses_the_first_three_ipv6" {
  recording = "gateway_loses_the_first_three_ipv6.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.default_gateway]
    status = {
      adapter         = "pass"
      default_gateway = "warn"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "default_gateway" {
      cause   = "packet_loss"
      explain = "…fd4f:500:0:3efa::b1ce…"
    }
  }
}
