# Written by the lab: see record_test.go.
run "one_of_two_addresses_is_dead" {
  recording = "one_of_two_addresses_is_dead.jsonl"
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
      cause   = "smtp_some_addresses_dead"
      explain = "…10.252.219.123…10.252.219.163…"
    }
  }
}
