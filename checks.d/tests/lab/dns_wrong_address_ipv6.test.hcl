# Written by the lab: see record_test.go.
run "dns_wrong_address_ipv6" {
  recording = "dns_wrong_address_ipv6.jsonl"
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
      cause   = "dns_wrong_address"
      explain = "…fdb6:c500:0:f139::f258…fdb6:c500:0:f139::1545…"
    }
  }
}
