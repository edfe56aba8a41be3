# Written by the lab: see record_test.go.
run "router_has_a_reject_route" {
  recording = "router_has_a_reject_route.jsonl"
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
      cause   = "path_prohibited"
      explain = "…fd89:8a00::1…"
    }
  }
}
