# Written by the lab: see record_test.go.
run "dns_no_address_record" {
  recording = "dns_no_address_record.jsonl"
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
      explain = "…mx61.site1939.example…"
    }
  }
}
