# Written by the lab: see record_test.go.
run "a_filter_breaks_a_greeting_of_several_lines" {
  recording = "a_filter_breaks_a_greeting_of_several_lines.jsonl"
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
      cause   = "smtp_greeting_mangled"
      explain = "…220-****…"
    }
  }
}
