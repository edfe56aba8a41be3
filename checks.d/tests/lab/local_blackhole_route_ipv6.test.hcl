# Written by the lab: see record_test.go.
run "local_blackhole_route_ipv6" {
  recording = "local_blackhole_route_ipv6.jsonl"
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
      cause   = "local_route_blocks"
      explain = "…blackhole…fdb1:9d00:0:8bee::/64…"
    }
  }
}
