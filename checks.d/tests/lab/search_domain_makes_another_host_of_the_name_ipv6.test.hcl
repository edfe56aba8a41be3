# Written by the lab: see record_test.go.
run "search_domain_makes_another_host_of_the_name_ipv6" {
  recording = "search_domain_makes_another_host_of_the_name_ipv6.jsonl"
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
      cause   = "dns_search_domain"
      explain = "…mx.elsewhere.example.site5792.example…"
    }
  }
}
