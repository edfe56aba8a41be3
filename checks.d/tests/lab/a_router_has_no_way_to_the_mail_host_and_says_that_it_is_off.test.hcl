# Written by the lab: see record_test.go.
run "a_router_has_no_way_to_the_mail_host_and_says_that_it_is_off" {
  recording = "a_router_has_no_way_to_the_mail_host_and_says_that_it_is_off.jsonl"
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
      explain = "…mx61.site2027.example…at once…"
    }
  }
}
