# Written by the lab: see record_test.go.
run "system_asks_mdns_but_no_dns" {
  recording = "system_asks_mdns_but_no_dns.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.dns]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "fail"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "dns" {
      cause   = "system_resolver_failing"
      explain = "…mx66.site5589.example…"
    }
  }
}
