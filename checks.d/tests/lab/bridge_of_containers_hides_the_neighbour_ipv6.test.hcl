# Written by the lab: see record_test.go.
run "bridge_of_containers_hides_the_neighbour_ipv6" {
  recording = "bridge_of_containers_hides_the_neighbour_ipv6.jsonl"
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
      explain = "…fd6d:1f00:0:8dba:8000::cb78…docker0…"
    }
  }
}
