# Written by the lab: see record_test.go.
run "no_ipv4_address_beside_ipv6" {
  recording = "no_ipv4_address_beside_ipv6.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.adapter]
    status = {
      adapter         = "fail"
      default_gateway = "blocked"
      dns             = "blocked"
      local_subnet    = "blocked"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "blocked"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "adapter" {
      cause   = "no_address"
      explain = "…eth0…IPv4…"
    }
  }
}
