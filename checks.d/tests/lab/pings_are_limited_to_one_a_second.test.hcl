# Written by the lab: see record_test.go.
run "pings_are_limited_to_one_a_second" {
  recording = "pings_are_limited_to_one_a_second.jsonl"
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
      cause   = "packet_loss"
      explain = "…10.171.39.136…limits pings…"
    }
  }
}
