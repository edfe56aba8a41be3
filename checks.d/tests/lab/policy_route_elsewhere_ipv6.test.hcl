# Written by the lab: see record_test.go.
run "policy_route_elsewhere_ipv6" {
  recording = "policy_route_elsewhere_ipv6.jsonl"
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
      explain = "…fdf6:5000:0:bc49:8000::db35…100…fdf6:5000:0:bc49::875a…"
    }
  }
}
