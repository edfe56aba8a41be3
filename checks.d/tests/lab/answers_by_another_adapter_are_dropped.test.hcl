# Written by the lab: see record_test.go.
run "answers_by_another_adapter_are_dropped" {
  recording = "answers_by_another_adapter_are_dropped.jsonl"
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
      cause   = "local_reverse_path_filter"
      explain = "…eth0…"
    }
  }
}
