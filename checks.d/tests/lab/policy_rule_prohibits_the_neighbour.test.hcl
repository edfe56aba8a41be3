# Written by the lab: see record_test.go.
run "policy_rule_prohibits_the_neighbour" {
  recording = "policy_rule_prohibits_the_neighbour.jsonl"
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
      cause   = "local_route_blocks"
      explain = "…prohibit…10.107.13.63…"
    }
  }
}
