# Written by the lab: see record_test.go.
run "remote_host_off_and_no_router_between" {
  recording = "remote_host_off_and_no_router_between.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.remote_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "skipped"
      dns             = "blocked"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "fail"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "remote_subnet" {
      cause   = "remote_host_down"
      explain = "…192.168.142.3…neighbour…"
    }
  }
}
