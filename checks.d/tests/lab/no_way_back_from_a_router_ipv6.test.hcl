# Written by the lab: see record_test.go.
run "no_way_back_from_a_router_ipv6" {
  recording = "no_way_back_from_a_router_ipv6.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.remote_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "blocked"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "fail"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "remote_subnet" {
      cause   = "path_broken"
      explain = "…fd98:9800:0:4b51:8000::1d00…"
    }
  }
}
