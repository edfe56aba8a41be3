# Written by the lab: see record_test.go.
run "no_default_route_and_no_plan" {
  recording = "no_default_route_and_no_plan.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.remote_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "skipped"
      dns             = "blocked"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "fail"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "remote_subnet" {
      cause   = "no_default_route"
      explain = "…192.168.67.14…"
    }
  }
}
