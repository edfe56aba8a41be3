# Written by the lab: see record_test.go.
run "filter_drops_edns" {
  recording = "filter_drops_edns.jsonl"
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
      explain = "…192.168.94.77…"
    }
  }
}
