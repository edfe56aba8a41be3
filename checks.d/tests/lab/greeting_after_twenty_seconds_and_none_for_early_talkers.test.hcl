# Written by the lab: see record_test.go.
run "greeting_after_twenty_seconds_and_none_for_early_talkers" {
  recording = "greeting_after_twenty_seconds_and_none_for_early_talkers.jsonl"
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
      explain = "…mx76.site6788.example…554 5.7.1 pregreet…"
    }
  }
}
