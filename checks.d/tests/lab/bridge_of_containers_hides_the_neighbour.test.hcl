# Written by the lab: see record_test.go.
run "bridge_of_containers_hides_the_neighbour" {
  recording = "bridge_of_containers_hides_the_neighbour.jsonl"
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
      explain = "…10.216.62.250…docker0…"
    }
  }
}
