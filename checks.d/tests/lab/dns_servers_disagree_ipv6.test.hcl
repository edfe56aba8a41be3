# Written by the lab: see record_test.go.
run "dns_servers_disagree_ipv6" {
  recording = "dns_servers_disagree_ipv6.jsonl"
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
      explain = "…fdc5:d00:0:9831:8000::810c…fdc5:d00:0:9831:8000::3ecd…fdc5:d00:0:9831:8000::a3e2…"
    }
  }
}
