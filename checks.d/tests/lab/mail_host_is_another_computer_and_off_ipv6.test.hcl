# Written by the lab: see record_test.go.
run "mail_host_is_another_computer_and_off_ipv6" {
  recording = "mail_host_is_another_computer_and_off_ipv6.jsonl"
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
      explain = "…mx67.site7377.example…fd14:5800:0:8ff0:8000::1eb4…fd14:a700::3…"
    }
  }
}
