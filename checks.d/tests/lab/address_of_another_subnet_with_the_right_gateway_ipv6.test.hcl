# Written by the lab: see record_test.go.
run "address_of_another_subnet_with_the_right_gateway_ipv6" {
  recording = "address_of_another_subnet_with_the_right_gateway_ipv6.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.local_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "blocked"
      dns             = "blocked"
      local_subnet    = "fail"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "blocked"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "local_subnet" {
      cause   = "subnet_mask_wrong"
      explain = "…fdd5:e300:0:be9c:8000::d8c1…"
    }
  }
}
