# Written by the lab: see record_test.go.
run "smtp_rejected_on_the_way_as_if_the_host_were_off_ipv6" {
  recording = "smtp_rejected_on_the_way_as_if_the_host_were_off_ipv6.jsonl"
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
      cause   = "smtp_prohibited"
      explain = "…fdc2:1400::2…25…"
    }
  }
}
