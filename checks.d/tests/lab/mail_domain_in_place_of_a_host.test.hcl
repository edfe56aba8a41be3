# Written by the lab: see record_test.go.
run "mail_domain_in_place_of_a_host" {
  recording = "mail_domain_in_place_of_a_host.jsonl"
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
      cause   = "dns_only_mx"
      explain = "…mx36.site0506.example, second.site0506.example…"
    }
  }
}
