# Written by the lab: see record_test.go.
run "greets_otherwise_than_planned" {
  recording = "greets_otherwise_than_planned.jsonl"
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
      cause   = "smtp_wrong_host"
      explain = "…mx92.site0246.example…relay.site0246.example…"
    }
  }
}
