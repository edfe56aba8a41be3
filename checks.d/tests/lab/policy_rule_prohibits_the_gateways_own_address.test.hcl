# Written by the lab: see record_test.go.
run "policy_rule_prohibits_the_gateways_own_address" {
  recording = "policy_rule_prohibits_the_gateways_own_address.jsonl"
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
      cause   = "local_route_blocks"
      explain = "…prohibit…192.168.130.11…"
    }
  }
}
