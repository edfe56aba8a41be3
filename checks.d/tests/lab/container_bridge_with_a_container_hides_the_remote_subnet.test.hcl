# Written by the lab: see record_test.go.
run "container_bridge_with_a_container_hides_the_remote_subnet" {
  recording = "container_bridge_with_a_container_hides_the_remote_subnet.jsonl"
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
      cause   = "local_route_shadows"
      explain = "…172.21.208.0/23…docker0…"
    }
  }
}
