# Written by the lab: see record_test.go.
run "dns_server_off_ipv6" {
  recording = "dns_server_off_ipv6.jsonl"
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
      cause   = "dns_server_down"
      explain = "…fd43:2100:0:4336:8000::55d0…"
    }
  }
}
