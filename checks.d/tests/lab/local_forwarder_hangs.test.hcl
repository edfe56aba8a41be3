# Written by the lab: see record_test.go.
run "local_forwarder_hangs" {
  recording = "local_forwarder_hangs.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.dns]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "fail"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "dns" {
      cause   = "dns_local_stub_down"
      explain = "…127.0.0.1…"
    }
  }
}
