# Written by the lab: see record_test.go.
run "loopback_without_its_address" {
  recording = "loopback_without_its_address.jsonl"
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
      cause   = "loopback_down"
      explain = "…127.0.0.1…"
    }
  }
}
