# Written by the lab: see record_test.go.
run "no_pings_and_a_narrow_link_that_says_so" {
  recording = "no_pings_and_a_narrow_link_that_says_so.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.remote_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "warn"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "remote_subnet" {
      cause   = "path_filters_ping"
      explain = "…192.168.141.237…"
    }
  }
}
