# Written by the lab: see record_test.go.
run "loopback_filtered_on_the_way_out" {
  recording = "loopback_filtered_on_the_way_out.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.loopback]
    status = {
      adapter         = "blocked"
      default_gateway = "blocked"
      dns             = "blocked"
      local_subnet    = "blocked"
      loopback        = "fail"
      path_mtu        = "blocked"
      remote_subnet   = "blocked"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "loopback" {
      cause = "loopback_filtered"
    }
  }
}
