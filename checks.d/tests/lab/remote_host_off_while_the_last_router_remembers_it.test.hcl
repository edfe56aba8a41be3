# Written by the lab: see record_test.go.
run "remote_host_off_while_the_last_router_remembers_it" {
  recording = "remote_host_off_while_the_last_router_remembers_it.jsonl"
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
      cause   = "path_broken"
      explain = "…172.19.0.3…172.18.24.63 itself is off…"
    }
  }
}
