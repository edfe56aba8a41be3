# Written by the lab: see record_test.go.
run "host_route_to_the_neighbour_by_the_router_ipv6" {
  recording = "host_route_to_the_neighbour_by_the_router_ipv6.jsonl"
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
      cause   = "local_route_shadows"
      explain = "…fd11:6c00:0:c4c:8000::2073…fd11:6c00:0:c4c::3e27…"
    }
  }
}
