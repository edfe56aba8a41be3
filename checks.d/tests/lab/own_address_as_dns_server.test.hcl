# Written by the lab: see record_test.go.
run "own_address_as_dns_server" {
  recording = "own_address_as_dns_server.jsonl"
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
      cause   = "dns_local_stub_down"
      explain = "…172.19.121.106…"
    }
  }
}
