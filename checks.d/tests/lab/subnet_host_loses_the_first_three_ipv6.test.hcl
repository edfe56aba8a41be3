# Written by the lab: see record_test.go.
run "subnet_host_loses_the_first_three_ipv6" {
  recording = "subnet_host_loses_the_first_three_ipv6.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.local_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "warn"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "local_subnet" {
      cause   = "packet_loss"
      explain = "…fd05:3b00:0:3858:8000::8ecf…"
    }
  }
}
