# Written by the lab: see record_test.go.
run "router_with_a_blackhole_ipv6" {
  recording = "router_with_a_blackhole_ipv6.jsonl"
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
      explain = "…fdda:e000:0:8b7d:8000::4cae…"
    }
  }
}
