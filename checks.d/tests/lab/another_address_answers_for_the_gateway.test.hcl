# Written by the lab: see record_test.go.
run "another_address_answers_for_the_gateway" {
  recording = "another_address_answers_for_the_gateway.jsonl"
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
      cause   = "answered_by_another"
      explain = "…10.69.48.95…10.69.48.188…"
    }
  }
}
