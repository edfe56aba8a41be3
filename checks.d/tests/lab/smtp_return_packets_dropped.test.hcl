# Written by the lab: see record_test.go.
run "smtp_return_packets_dropped" {
  recording = "smtp_return_packets_dropped.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.smtp]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "fail"
      smtp_log        = "skipped"
    }

    check "smtp" {
      cause   = "smtp_filtered"
      explain = "…172.18.129.217…25…"
    }
  }
}
