# Written by the lab: see record_test.go.
run "mail_host_is_another_computer_and_off" {
  recording = "mail_host_is_another_computer_and_off.jsonl"
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
      explain = "…mx81.site4062.example…192.168.89.234…172.21.0.3…"
    }
  }
}
