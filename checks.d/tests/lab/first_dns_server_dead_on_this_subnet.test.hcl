# Written by the lab: see record_test.go.
run "first_dns_server_dead_on_this_subnet" {
  recording = "first_dns_server_dead_on_this_subnet.jsonl"
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
      explain = "…172.18.167.202…"
    }
  }
}
