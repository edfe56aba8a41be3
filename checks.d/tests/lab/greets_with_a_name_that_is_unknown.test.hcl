# Written by the lab: see record_test.go.
run "greets_with_a_name_that_is_unknown" {
  recording = "greets_with_a_name_that_is_unknown.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.smtp]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "warn"
      smtp_log        = "skipped"
    }

    check "smtp" {
      cause   = "smtp_wrong_host"
      explain = "…mx1.carrier.example…"
    }
  }
}
