# Written by the lab: see record_test.go.
run "smtp_reset_on_the_way_ipv6" {
  recording = "smtp_reset_on_the_way_ipv6.jsonl"
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
      cause   = "smtp_reset_on_the_way"
      explain = "…fdc8:2800:0:976d::356b…25…"
    }
  }
}
