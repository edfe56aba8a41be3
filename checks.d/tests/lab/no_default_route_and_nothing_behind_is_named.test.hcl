# Written by the lab: see record_test.go.
run "no_default_route_and_nothing_behind_is_named" {
  recording = "no_default_route_and_nothing_behind_is_named.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.default_gateway]
    status = {
      adapter         = "pass"
      default_gateway = "fail"
      dns             = "blocked"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "skipped"
      remote_subnet   = "skipped"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "default_gateway" {
      cause = "no_default_route"
    }
  }
}
