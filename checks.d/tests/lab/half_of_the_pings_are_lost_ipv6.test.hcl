# Written by the lab: see record_test.go.
run "half_of_the_pings_are_lost_ipv6" {
  recording = "half_of_the_pings_are_lost_ipv6.jsonl"
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
      explain = "…fdfc:d700:0:2dbf:8000::61f6…"
    }
  }
}
