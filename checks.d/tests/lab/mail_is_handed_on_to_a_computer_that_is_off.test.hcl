# Written by the lab: see record_test.go.
run "mail_is_handed_on_to_a_computer_that_is_off" {
  recording = "mail_is_handed_on_to_a_computer_that_is_off.jsonl"
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
      cause   = "mail_host_down"
      explain = "…mx25.site9260.example…hands the port on…"
    }
  }
}
