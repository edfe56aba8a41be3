# Written by the lab: see record_test.go.
run "transit_adapter_switched_off" {
  recording = "transit_adapter_switched_off.jsonl"
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
      cause   = "no_route_to_remote"
      explain = "…172.26.0.2…"
    }
  }
}
