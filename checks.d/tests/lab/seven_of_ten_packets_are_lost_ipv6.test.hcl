# Written by the lab: see record_test.go.
run "seven_of_ten_packets_are_lost_ipv6" {
  recording = "seven_of_ten_packets_are_lost_ipv6.jsonl"
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
      explain = "…fd5d:a500:0:34f6::8e6f…suffer…"
    }
  }
}
