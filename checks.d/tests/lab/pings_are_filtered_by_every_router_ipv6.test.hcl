# Written by the lab: see record_test.go.
run "pings_are_filtered_by_every_router_ipv6" {
  recording = "pings_are_filtered_by_every_router_ipv6.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.default_gateway, check.remote_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "warn"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "warn"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "default_gateway" {
      cause   = "gateway_filters_ping"
      explain = "…fdda:4700:0:807c::7bbb…"
    }

    check "remote_subnet" {
      cause   = "path_filters_ping"
      explain = "…fdda:4700:0:1110::2aed…"
    }
  }
}
