# Written by the lab: see record_test.go.
run "ehlo_is_not_answered_ipv6" {
  recording = "ehlo_is_not_answered_ipv6.jsonl"
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
      cause   = "smtp_dialogue_stalls"
      explain = "…mx48.site8992.example…does not answer EHLO within…"
    }
  }
}
