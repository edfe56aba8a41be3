# Written by the lab: see record_test.go.
run "look_up_ends_at_all_but_success" {
  recording = "look_up_ends_at_all_but_success.jsonl"
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
      explain = "…mx26.site9791.example…"
    }
  }
}
