# Written by the lab: see record_test.go.
run "policy_rule_prohibits_the_remote_subnet_ipv6" {
  recording = "policy_rule_prohibits_the_remote_subnet_ipv6.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.remote_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "blocked"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "fail"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "remote_subnet" {
      cause   = "local_route_blocks"
      explain = "…prohibit…policy rule…"
    }
  }
}
