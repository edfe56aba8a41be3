# Written by the lab: see record_test.go.
run "the_name_has_the_address_of_another_mail_server" {
  recording = "the_name_has_the_address_of_another_mail_server.jsonl"
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
      explain = "…mx1.carrier.example…172.30.219.151…"
    }
  }
}
