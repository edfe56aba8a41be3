# Written by the lab: see record_test.go.
run "nobody_at_the_gateway_address_and_no_plan" {
  recording = "nobody_at_the_gateway_address_and_no_plan.jsonl"
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
      cause   = "gateway_down"
      explain = "…172.31.153.174…"
    }
  }
}
