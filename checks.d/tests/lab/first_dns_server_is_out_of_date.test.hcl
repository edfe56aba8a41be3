# Written by the lab: see record_test.go.
run "first_dns_server_is_out_of_date" {
  recording = "first_dns_server_is_out_of_date.jsonl"
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
      cause   = "dns_servers_disagree"
      explain = "…172.18.1.239…172.18.1.213…"
    }
  }
}
