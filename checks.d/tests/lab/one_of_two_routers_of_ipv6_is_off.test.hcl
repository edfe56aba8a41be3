# Written by the lab: see record_test.go.
run "one_of_two_routers_of_ipv6_is_off" {
  recording = "one_of_two_routers_of_ipv6_is_off.jsonl"
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
      cause   = "gateway_one_of_several_down"
      explain = "…fd26:7e00:0:a5d3:8000::f012…"
    }
  }
}
