# Written by the lab: see record_test.go.
run "route_to_another_link_local_router" {
  recording = "route_to_another_link_local_router.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.default_gateway]
    status = {
      adapter         = "pass"
      default_gateway = "fail"
      dns             = "blocked"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "blocked"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "default_gateway" {
      cause   = "gateway_address_wrong"
      explain = "…fe80::2…fd01:b700:0:27a8:8000::5674…"
    }
  }
}
