# Written by the lab: see record_test.go.
run "type_a_unanswered_and_the_name_said_missing" {
  recording = "type_a_unanswered_and_the_name_said_missing.jsonl"
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
      cause   = "dns_slow_family"
      explain = "…A records…"
    }
  }
}
