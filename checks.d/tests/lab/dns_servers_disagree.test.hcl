# Written by the lab: see record_test.go.
run "dns_servers_disagree" {
  recording = "dns_servers_disagree.jsonl"
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
      explain = "…172.16.120.98…172.16.120.111…172.16.120.100…"
    }
  }
}
