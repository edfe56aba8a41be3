# Written by the lab: see record_test.go.
run "second_dns_server_has_an_old_address_as_well" {
  recording = "second_dns_server_has_an_old_address_as_well.jsonl"
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
      cause   = "dns_extra_address"
      explain = "…172.18.227.250…"
    }
  }
}
