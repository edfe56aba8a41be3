# Written by the lab: see record_test.go.
run "route_to_the_remote_subnet_without_its_gateway" {
  recording = "route_to_the_remote_subnet_without_its_gateway.jsonl"
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
      explain = "…172.16.110.0/23…eth0…"
    }
  }
}
