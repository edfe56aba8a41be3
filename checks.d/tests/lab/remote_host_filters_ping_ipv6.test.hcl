# Written by the lab: see record_test.go.
run "remote_host_filters_ping_ipv6" {
  recording = "remote_host_filters_ping_ipv6.jsonl"
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
      explain = "…fd9a:7c00:0:aa3c::86ba…"
    }
  }
}
