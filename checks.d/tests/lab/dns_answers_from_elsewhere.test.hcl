# Written by the lab: see record_test.go.
run "dns_answers_from_elsewhere" {
  recording = "dns_answers_from_elsewhere.jsonl"
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
      cause   = "dns_answers_from_elsewhere"
      explain = "…172.31.28.249…172.31.29.153…"
    }
  }
}
