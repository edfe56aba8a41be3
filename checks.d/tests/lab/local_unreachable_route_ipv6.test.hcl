# Written by the lab: see record_test.go.
run "local_unreachable_route_ipv6" {
  recording = "local_unreachable_route_ipv6.jsonl"
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
      explain = "…unreachable…fda5:cf00:0:c503::/64…"
    }
  }
}
