# Written by the lab: see record_test.go.
run "cloud_gateway_ignores_ping_ipv6" {
  recording = "cloud_gateway_ignores_ping_ipv6.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.default_gateway]
    status = {
      adapter         = "pass"
      default_gateway = "warn"
      dns             = "pass"
      local_subnet    = "skipped"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "default_gateway" {
      cause   = "gateway_filters_ping"
      explain = "…fd36:4700:0:ea4a:8000::365b…"
    }
  }
}
