# Written by the lab: see record_test.go.
run "cloud_gateway_off_ipv6" {
  recording = "cloud_gateway_off_ipv6.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.default_gateway]
    status = {
      adapter         = "pass"
      default_gateway = "fail"
      dns             = "blocked"
      local_subnet    = "skipped"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "blocked"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "default_gateway" {
      cause   = "gateway_down"
      explain = "…fda2:1300:0:c5b0::cd6e…"
    }
  }
}
