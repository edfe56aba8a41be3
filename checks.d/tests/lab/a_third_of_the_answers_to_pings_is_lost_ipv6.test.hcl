# Written by the lab: see record_test.go.
run "a_third_of_the_answers_to_pings_is_lost_ipv6" {
  recording = "a_third_of_the_answers_to_pings_is_lost_ipv6.jsonl"
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
      explain = "…fdab:700:0:5105:8000::59f2…"
    }
  }
}
