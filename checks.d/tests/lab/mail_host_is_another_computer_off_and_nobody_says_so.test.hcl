# Written by the lab: see record_test.go.
run "mail_host_is_another_computer_off_and_nobody_says_so" {
  recording = "mail_host_is_another_computer_off_and_nobody_says_so.jsonl"
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
      explain = "…mx26.site4160.example…neither pings nor connections…"
    }
  }
}
