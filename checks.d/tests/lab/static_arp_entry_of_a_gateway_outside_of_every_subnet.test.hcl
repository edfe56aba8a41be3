# Written by the lab: see record_test.go.
run "static_arp_entry_of_a_gateway_outside_of_every_subnet" {
  recording = "static_arp_entry_of_a_gateway_outside_of_every_subnet.jsonl"
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
      explain = "…169.254.1.1…"
    }
  }
}
