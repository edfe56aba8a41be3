# Written by the lab: see record_test.go.
run "subnet_host_loses_seventy_percent" {
  recording = "subnet_host_loses_seventy_percent.jsonl"
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
      explain = "…172.28.61.141…"
    }
  }
}
