# Written by the lab: see record_test.go.
run "mail_is_redirected_on_the_way" {
  recording = "mail_is_redirected_on_the_way.jsonl"
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
      explain = "…mx1.carrier.example…172.29.0.2…"
    }
  }
}
