# Written by the lab: see record_test.go.
run "source_address_that_a_router_drops" {
  recording = "source_address_that_a_router_drops.jsonl"
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
      cause   = "source_address_wrong"
      explain = "…10.246.15.76…"
    }
  }
}
