# Written by the lab: see record_test.go.
run "first_router_sends_no_errors_and_the_second_loses_everything" {
  recording = "first_router_sends_no_errors_and_the_second_loses_everything.jsonl"
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
      cause   = "gateway_not_forwarding"
      explain = "…10.248.12.149…nor any router behind it…"
    }
  }
}
