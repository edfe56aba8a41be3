# Written by the lab: see record_test.go.
run "host_route_to_the_neighbour_by_the_router" {
  recording = "host_route_to_the_neighbour_by_the_router.jsonl"
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
      explain = "…192.168.207.143…192.168.207.208…"
    }
  }
}
