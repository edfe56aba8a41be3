# Written by the lab: see record_test.go.
run "search_domain_leads_to_the_planned_address" {
  recording = "search_domain_leads_to_the_planned_address.jsonl"
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
      cause   = "dns_search_domain"
      explain = "…site6540.example…"
    }
  }
}
