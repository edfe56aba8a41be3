# Written by the lab: see record_test.go.
run "local_output_filter_ipv6" {
  recording = "local_output_filter_ipv6.jsonl"
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
      cause   = "local_filter"
      explain = "…fda2:8b00:0:d58e:8000::6e5a…"
    }
  }
}
