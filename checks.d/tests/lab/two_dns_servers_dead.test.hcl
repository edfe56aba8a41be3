# Written by the lab: see record_test.go.
run "two_dns_servers_dead" {
  recording = "two_dns_servers_dead.jsonl"
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
      cause   = "dns_slow_server"
      explain = "…172.26.118.45…172.26.170.180…"
    }
  }
}
