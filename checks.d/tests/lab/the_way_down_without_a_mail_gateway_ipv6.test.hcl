# Written by the lab: see record_test.go.
run "the_way_down_without_a_mail_gateway_ipv6" {
  recording = "the_way_down_without_a_mail_gateway_ipv6.jsonl"
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
      cause   = "smtp_refused"
      explain = "…fdd3:aa00:0:54f2::8adc…25…"
    }
  }
}
