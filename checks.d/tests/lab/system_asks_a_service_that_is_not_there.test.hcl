# Written by the lab: see record_test.go.
run "system_asks_a_service_that_is_not_there" {
  recording = "system_asks_a_service_that_is_not_there.jsonl"
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
      cause   = "system_resolver_failing"
      explain = "…mx31.site7293.example…"
    }
  }
}
