# Written by the lab: see record_test.go.
run "domain_that_takes_no_mail" {
  recording = "domain_that_takes_no_mail.jsonl"
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
      cause   = "dns_no_address"
      explain = "…site5060.example…"
    }
  }
}
