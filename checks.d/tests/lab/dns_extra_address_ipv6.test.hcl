# Written by the lab: see record_test.go.
run "dns_extra_address_ipv6" {
  recording = "dns_extra_address_ipv6.jsonl"
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
      explain = "…fd0f:2900:0:a02f::f2b7…fd0f:2900:0:a02f::4ee7…"
    }
  }
}
