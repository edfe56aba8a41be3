# Written by the lab: see record_test.go.
run "type_aaaa_unanswered" {
  recording = "type_aaaa_unanswered.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.dns]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "warn"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "dns" {
      cause   = "dns_slow_family"
      explain = "…AAAA records…172.23.113.129…"
    }
  }
}
