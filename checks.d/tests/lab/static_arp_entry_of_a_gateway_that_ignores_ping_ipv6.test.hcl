# Written by the lab: see record_test.go.
run "static_arp_entry_of_a_gateway_that_ignores_ping_ipv6" {
  recording = "static_arp_entry_of_a_gateway_that_ignores_ping_ipv6.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.default_gateway]
    status = {
      adapter         = "pass"
      default_gateway = "warn"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "default_gateway" {
      cause   = "gateway_filters_ping"
      explain = "…fdc5:4800:0:6574:8000::5fa0…"
    }
  }
}
