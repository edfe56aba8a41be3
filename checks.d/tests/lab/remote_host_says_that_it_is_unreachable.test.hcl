# Written by the lab: see record_test.go.
run "remote_host_says_that_it_is_unreachable" {
  recording = "remote_host_says_that_it_is_unreachable.jsonl"
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
      cause   = "path_prohibited"
      explain = "…10.8.114.192…the host itself…"
    }
  }
}
