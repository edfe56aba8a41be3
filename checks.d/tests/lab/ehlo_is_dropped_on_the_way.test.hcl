# Written by the lab: see record_test.go.
run "ehlo_is_dropped_on_the_way" {
  recording = "ehlo_is_dropped_on_the_way.jsonl"
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
      explain = "…mx16.site2425.example…does not answer EHLO within…"
    }
  }
}
