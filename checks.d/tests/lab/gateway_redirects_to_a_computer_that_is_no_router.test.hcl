# Written by the lab: see record_test.go.
run "gateway_redirects_to_a_computer_that_is_no_router" {
  recording = "gateway_redirects_to_a_computer_that_is_no_router.jsonl"
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
      cause   = "gateway_redirects"
      explain = "…172.20.127.164…172.20.127.237…"
    }
  }
}
