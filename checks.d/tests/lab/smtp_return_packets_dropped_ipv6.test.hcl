# Written by the lab: see record_test.go.
run "smtp_return_packets_dropped_ipv6" {
  recording = "smtp_return_packets_dropped_ipv6.jsonl"
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
      explain = "…fd3a:ff00:0:f9de:8000::ee61…25…"
    }
  }
}
