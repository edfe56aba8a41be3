# Written by the lab: see record_test.go.
run "router_rejects_with_port_unreachable" {
  recording = "router_rejects_with_port_unreachable.jsonl"
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
      explain = "…172.22.0.2…port_unreachable…"
    }
  }
}
