# Written by the lab: see record_test.go.
run "ehlo_closes_the_connection" {
  recording = "ehlo_closes_the_connection.jsonl"
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
      explain = "…mx39.site1767.example…closes the connection…"
    }
  }
}
