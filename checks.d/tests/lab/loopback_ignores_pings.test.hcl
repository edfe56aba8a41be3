# Written by the lab: see record_test.go.
run "loopback_ignores_pings" {
  recording = "loopback_ignores_pings.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.loopback]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "warn"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "loopback" {
      cause   = "loopback_ignores_ping"
      explain = "…127.0.0.1…"
    }
  }
}
