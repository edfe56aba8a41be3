# Written by the lab: see record_test.go.
run "line_of_the_dns_server_ends_in_a_carriage_return" {
  recording = "line_of_the_dns_server_ends_in_a_carriage_return.jsonl"
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
      cause   = "dns_not_configured"
      explain = "…nameserver 10.25.17.142\\r…"
    }
  }
}
