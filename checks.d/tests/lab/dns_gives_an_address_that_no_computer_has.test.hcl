# Written by the lab: see record_test.go.
run "dns_gives_an_address_that_no_computer_has" {
  recording = "dns_gives_an_address_that_no_computer_has.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.dns]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "fail"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "dns" {
      cause   = "dns_wrong_address"
      explain = "…no other computer can have…"
    }
  }
}
