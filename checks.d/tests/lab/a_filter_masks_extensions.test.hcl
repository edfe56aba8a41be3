# Written by the lab: see record_test.go.
run "a_filter_masks_extensions" {
  recording = "a_filter_masks_extensions.jsonl"
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
      cause   = "smtp_greeting_mangled"
      explain = "…XXXXXXXA…"
    }
  }
}
