# Written by the lab: see record_test.go.
run "mail_has_too_short_a_time_to_live" {
  recording = "mail_has_too_short_a_time_to_live.jsonl"
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
      cause   = "smtp_unreachable"
      explain = "…ttl_exceeded…TTL…"
    }
  }
}
