# Written by the lab: see record_test.go.
run "ndots_makes_another_host_of_the_name" {
  recording = "ndots_makes_another_host_of_the_name.jsonl"
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
      explain = "…mx15.site2404.example.site2404.example…"
    }
  }
}
