# Written by the lab: see record_test.go.
run "smtp_554" {
  recording = "smtp_554.jsonl"
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
      cause   = "smtp_refuses_service"
      explain = "…554 5.7.1 You are not welcome here…"
    }
  }
}
