# Written by the lab: see record_test.go.
run "a_third_of_the_answers_to_pings_is_lost" {
  recording = "a_third_of_the_answers_to_pings_is_lost.jsonl"
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
      explain = "…10.51.37.246…"
    }
  }
}
