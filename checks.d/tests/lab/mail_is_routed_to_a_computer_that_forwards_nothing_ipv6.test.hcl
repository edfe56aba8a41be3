# Written by the lab: see record_test.go.
run "mail_is_routed_to_a_computer_that_forwards_nothing_ipv6" {
  recording = "mail_is_routed_to_a_computer_that_forwards_nothing_ipv6.jsonl"
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
      cause   = "smtp_route_differs"
      explain = "…25…"
    }
  }
}
