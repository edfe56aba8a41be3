# Written by the lab: see record_test.go.
run "router_rejects_ping_ipv6" {
  recording = "router_rejects_ping_ipv6.jsonl"
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
      explain = "…fd0d:b00:0:5101::5b2e…"
    }
  }
}
