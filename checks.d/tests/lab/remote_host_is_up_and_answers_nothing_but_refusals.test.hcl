# Written by the lab: see record_test.go.
run "remote_host_is_up_and_answers_nothing_but_refusals" {
  recording = "remote_host_is_up_and_answers_nothing_but_refusals.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.remote_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "skipped"
      remote_subnet   = "warn"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "remote_subnet" {
      cause   = "path_filters_ping"
      explain = "…10.115.232.7…refuses…"
    }
  }
}
