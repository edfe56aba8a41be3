# Written by the lab: see record_test.go.
run "mail_is_redirected_by_the_gateway_to_a_name_that_nobody_tells_of" {
  recording = "mail_is_redirected_by_the_gateway_to_a_name_that_nobody_tells_of.jsonl"
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
      explain = "…mx1.carrier.example…nearer…"
    }
  }
}
