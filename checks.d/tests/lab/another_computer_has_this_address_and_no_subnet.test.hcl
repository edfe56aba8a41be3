# Written by the lab: see record_test.go.
run "another_computer_has_this_address_and_no_subnet" {
  recording = "another_computer_has_this_address_and_no_subnet.jsonl"
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
      explain = "…10.249.138.225…"
    }
  }
}
