# Written by the lab: see record_test.go.
run "this_computer_redirects_mail_to_itself_ipv6" {
  recording = "this_computer_redirects_mail_to_itself_ipv6.jsonl"
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
      explain = "…mx39.site6891.example…fd6e:a800:0:c7b2:8000::5fad…"
    }
  }
}
