# Written by the lab: see record_test.go.
run "eight_of_ten_packets_to_the_host_are_lost_after_a_good_start" {
  recording = "eight_of_ten_packets_to_the_host_are_lost_after_a_good_start.jsonl"
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
      cause   = "packet_loss"
      explain = "…10.246.101.87…suffer…"
    }
  }
}
