# Written by the lab: see record_test.go.
run "another_computer_has_this_computers_second_address" {
  recording = "another_computer_has_this_computers_second_address.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.adapter]
    status = {
      adapter         = "fail"
      default_gateway = "blocked"
      dns             = "blocked"
      local_subnet    = "blocked"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "blocked"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "adapter" {
      cause   = "duplicate_address"
      explain = "…10.173.154.96…"
    }
  }
}
