# Written by the lab: see record_test.go.
run "one_of_two_routers_is_off_and_passed_over" {
  recording = "one_of_two_routers_is_off_and_passed_over.jsonl"
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
      explain = "…192.168.191.114…"
    }
  }
}
