# Written by the lab: see record_test.go.
run "remote_host_filters_ping" {
  recording = "remote_host_filters_ping.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.remote_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "warn"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "remote_subnet" {
      cause   = "path_filters_ping"
      explain = "…172.22.40.232…"
    }
  }
}
