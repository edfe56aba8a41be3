# Written by the lab: see record_test.go.
run "mask_of_one_address_ipv6" {
  recording = "mask_of_one_address_ipv6.jsonl"
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
      explain = "…fddf:e300:0:c033:8000::bf4c…"
    }
  }
}
