# Written by the lab: see record_test.go.
run "router_without_the_route_ipv6" {
  recording = "router_without_the_route_ipv6.jsonl"
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
      cause   = "no_route_to_remote"
      explain = "…fdaf:6600::1…"
    }
  }
}
