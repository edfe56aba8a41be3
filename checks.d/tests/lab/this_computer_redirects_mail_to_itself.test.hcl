# Written by the lab: see record_test.go.
run "this_computer_redirects_mail_to_itself" {
  recording = "this_computer_redirects_mail_to_itself.jsonl"
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
      cause   = "smtp_local_redirect"
      explain = "…mx40.site2957.example…10.185.32.236…"
    }
  }
}
