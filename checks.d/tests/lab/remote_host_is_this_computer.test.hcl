# Written by the lab: see record_test.go.
run "remote_host_is_this_computer" {
  recording = "remote_host_is_this_computer.jsonl"
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
      cause   = "remote_host_is_this_computer"
      explain = "…10.102.168.70…"
    }
  }
}
