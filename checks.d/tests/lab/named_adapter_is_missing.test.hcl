# Written by the lab: see record_test.go.
run "named_adapter_is_missing" {
  recording = "named_adapter_is_missing.jsonl"
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
      cause   = null
      explain = "…eth9…"
    }
  }
}
