# Written by the lab: see record_test.go.
run "first_dns_server_does_not_know_the_name" {
  recording = "first_dns_server_does_not_know_the_name.jsonl"
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
      cause   = "dns_name_missing"
      explain = "…mx23.site1786.example…"
    }
  }
}
