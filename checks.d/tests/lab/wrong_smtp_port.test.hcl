# Written by the lab: see record_test.go.
run "wrong_smtp_port" {
  recording = "wrong_smtp_port.jsonl"
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
      explain = "…192.168.150.115…2525…"
    }
  }
}
