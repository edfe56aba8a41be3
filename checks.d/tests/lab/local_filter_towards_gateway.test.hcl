# Written by the lab: see record_test.go.
run "local_filter_towards_gateway" {
  recording = "local_filter_towards_gateway.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.default_gateway]
    status = {
      adapter         = "pass"
      default_gateway = "fail"
      dns             = "blocked"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "blocked"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "default_gateway" {
      cause   = "local_filter"
      explain = "…192.168.28.98…"
    }
  }
}
