# Written by the lab: see record_test.go.
run "loopback_ignores_pings_and_drops_the_rest" {
  recording = "loopback_ignores_pings_and_drops_the_rest.jsonl"
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
      cause   = "loopback_filtered"
      explain = "…127.0.0.1…"
    }
  }
}
