# Written by the lab: see record_test.go.
run "this_computer_redirects_mail_to_a_port_that_is_closed" {
  recording = "this_computer_redirects_mail_to_a_port_that_is_closed.jsonl"
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
      cause   = "smtp_reset_on_the_way"
      explain = "…this computer's own firewall…redirect…"
    }
  }
}
