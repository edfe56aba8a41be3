# Written by the lab: see record_test.go.
run "one_of_two_routers_of_ipv6_is_off_and_this_is_one" {
  recording = "one_of_two_routers_of_ipv6_is_off_and_this_is_one.jsonl"
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
      cause   = "gateway_one_of_several_down"
      explain = "…fd7f:6200:0:db03::7517…"
    }
  }
}
