# Written by the lab: see record_test.go.
run "gateway_drops_what_it_should_forward" {
  recording = "gateway_drops_what_it_should_forward.jsonl"
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
      explain = "…10.111.35.73…"
    }
  }
}
