# Written by the lab: see record_test.go.
run "name_missing_and_an_address_beside" {
  recording = "name_missing_and_an_address_beside.jsonl"
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
      explain = "…mx92.site0953.example…"
    }
  }
}
