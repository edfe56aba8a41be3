# Written by the lab: see record_test.go.
run "one_of_two_addresses_is_dead_ipv6" {
  recording = "one_of_two_addresses_is_dead_ipv6.jsonl"
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
      explain = "…fd2a:2000:0:c323:8000::b34d…fd2a:2000:0:c323:8000::f20b…"
    }
  }
}
