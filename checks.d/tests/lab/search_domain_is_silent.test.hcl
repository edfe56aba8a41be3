# Written by the lab: see record_test.go.
run "search_domain_is_silent" {
  recording = "search_domain_is_silent.jsonl"
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
      cause   = "dns_search_domain_silent"
      explain = "…old.example…"
    }
  }
}
