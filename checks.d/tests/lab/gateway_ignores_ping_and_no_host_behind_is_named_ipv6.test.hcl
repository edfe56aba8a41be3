# Written by the lab: see record_test.go.
run "gateway_ignores_ping_and_no_host_behind_is_named_ipv6" {
  recording = "gateway_ignores_ping_and_no_host_behind_is_named_ipv6.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.default_gateway]
    status = {
      adapter         = "pass"
      default_gateway = "warn"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "skipped"
      remote_subnet   = "skipped"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "default_gateway" {
      cause   = "gateway_filters_ping"
      explain = "…fd39:2400:0:335:8000::328b…"
    }
  }
}
