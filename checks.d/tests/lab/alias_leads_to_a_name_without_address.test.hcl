# Written by the lab: see record_test.go.
run "alias_leads_to_a_name_without_address" {
  recording = "alias_leads_to_a_name_without_address.jsonl"
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
      explain = "…text.site0196.example…has no address…"
    }
  }
}
