# Written by the lab: see record_test.go.
run "remote_host_off_behind_routers_that_send_no_time_exceeded" {
  recording = "remote_host_off_behind_routers_that_send_no_time_exceeded.jsonl"
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
      cause   = "remote_host_down"
      explain = "…10.166.0.3…192.168.62.113…"
    }
  }
}
