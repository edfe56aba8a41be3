# Written by the lab: see record_test.go.
run "remote_host_is_up_and_answers_nothing_but_refusals_ipv6" {
  recording = "remote_host_is_up_and_answers_nothing_but_refusals_ipv6.jsonl"
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
      explain = "…fdc6:cf00:0:dfb0:8000::2919…refuses…"
    }
  }
}
