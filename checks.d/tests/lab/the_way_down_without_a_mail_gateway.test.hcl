# Written by the lab: see record_test.go.
run "the_way_down_without_a_mail_gateway" {
  recording = "the_way_down_without_a_mail_gateway.jsonl"
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
      explain = "…10.191.68.138…25…"
    }
  }
}
