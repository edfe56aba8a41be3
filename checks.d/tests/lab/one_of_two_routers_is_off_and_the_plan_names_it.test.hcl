# Written by the lab: see record_test.go.
run "one_of_two_routers_is_off_and_the_plan_names_it" {
  recording = "one_of_two_routers_is_off_and_the_plan_names_it.jsonl"
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
      explain = "…172.28.44.145…"
    }
  }
}
