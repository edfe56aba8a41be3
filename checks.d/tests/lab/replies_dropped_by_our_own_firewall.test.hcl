# Written by the lab: see record_test.go.
run "replies_dropped_by_our_own_firewall" {
  recording = "replies_dropped_by_our_own_firewall.jsonl"
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
      explain = "…192.168.34.28…"
    }

    check "default_gateway" {
      cause   = "gateway_filters_ping"
      explain = "…192.168.34.200…"
    }

    check "remote_subnet" {
      cause   = "path_filters_ping"
      explain = "…192.168.145.33…"
    }
  }
}
