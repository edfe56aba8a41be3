# Written by the lab: see record_test.go.
run "blackhole_for_subnet_host" {
  recording = "blackhole_for_subnet_host.jsonl"
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
      cause   = "local_route_blocks"
      explain = "…192.168.57.21…"
    }
  }
}
