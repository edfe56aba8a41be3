# Written by the lab: see record_test.go.
run "alias_leads_to_a_missing_name_ipv6" {
  recording = "alias_leads_to_a_missing_name_ipv6.jsonl"
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
      cause   = "dns_alias_broken"
      explain = "…gone.site5696.example…does not exist…"
    }
  }
}
