# Written by the lab: see record_test.go.
run "a_filter_masks_the_code" {
  recording = "a_filter_masks_the_code.jsonl"
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
      explain = "…2** **2***…"
    }
  }
}
