# Written by the lab: see record_test.go.
run "seven_of_ten_pings_are_lost" {
  recording = "seven_of_ten_pings_are_lost.jsonl"
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
      explain = "…10.186.237.148…limits pings…"
    }
  }
}
