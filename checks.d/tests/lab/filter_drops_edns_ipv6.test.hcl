# Written by the lab: see record_test.go.
run "filter_drops_edns_ipv6" {
  recording = "filter_drops_edns_ipv6.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.dns]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "warn"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "dns" {
      cause   = "dns_edns_dropped"
      explain = "…fd22:c000:0:a047:8000::f1c9…"
    }
  }
}
