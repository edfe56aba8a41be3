# Written by the lab: see record_test.go.
run "system_does_not_ask_the_dns" {
  recording = "system_does_not_ask_the_dns.jsonl"
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
      explain = "…mx42.site1526.example…"
    }
  }
}
