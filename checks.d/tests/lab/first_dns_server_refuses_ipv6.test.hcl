# Written by the lab: see record_test.go.
run "first_dns_server_refuses_ipv6" {
  recording = "first_dns_server_refuses_ipv6.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.dns]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "warn"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "dns" {
      cause   = "dns_server_unhelpful"
      explain = "…fd74:5b00:0:5017:8000::a78f…REFUSED…"
    }
  }
}
