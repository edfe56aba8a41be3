# Written by the lab: see record_test.go.
run "smtp_data_dropped" {
  recording = "smtp_data_dropped.jsonl"
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
      cause   = "smtp_no_greeting"
      explain = "…mx1.site4164.example…25…"
    }
  }
}
