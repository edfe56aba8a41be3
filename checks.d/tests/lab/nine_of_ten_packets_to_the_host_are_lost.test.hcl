# Written by the lab: see record_test.go.
run "nine_of_ten_packets_to_the_host_are_lost" {
  recording = "nine_of_ten_packets_to_the_host_are_lost.jsonl"
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
      explain = "…192.168.31.68…suffer…"
    }
  }
}
