# Written by the lab: see record_test.go.
run "policy_route_elsewhere" {
  recording = "policy_route_elsewhere.jsonl"
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
      cause   = "gateway_address_wrong"
      explain = "…192.168.206.123…100…192.168.206.61…"
    }
  }
}
