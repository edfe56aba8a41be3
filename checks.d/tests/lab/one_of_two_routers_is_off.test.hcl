# Written by the lab: see record_test.go.
run "one_of_two_routers_is_off" {
  recording = "one_of_two_routers_is_off.jsonl"
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
      explain = "…192.168.248.191…"
    }
  }
}
