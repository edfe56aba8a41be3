# Written by the lab: see record_test.go.
run "replies_dropped_by_our_own_firewall_ipv6" {
  recording = "replies_dropped_by_our_own_firewall_ipv6.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.local_subnet, check.default_gateway, check.remote_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "warn"
      dns             = "pass"
      local_subnet    = "warn"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "warn"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "local_subnet" {
      cause   = "subnet_host_filters_ping"
      explain = "…fd92:cc00:0:b254:8000::721…"
    }

    check "default_gateway" {
      cause   = "gateway_filters_ping"
      explain = "…fd92:cc00:0:b254::7f8d…"
    }

    check "remote_subnet" {
      cause   = "path_filters_ping"
      explain = "…fd92:cc00:0:5c0f:8000::e93d…"
    }
  }
}
