# Written by the lab: see record_test.go.
run "gateway_answers_twice" {
  recording = "gateway_answers_twice.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.default_gateway]
    status = {
      adapter         = "pass"
      default_gateway = "warn"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "default_gateway" {
      cause   = "duplicate_replies"
      explain = "…10.80.193.131…"
    }
  }
}
