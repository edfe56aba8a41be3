# Written by the lab: see record_test.go.
run "subnet_host_answers_twice" {
  recording = "subnet_host_answers_twice.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.local_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "warn"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "local_subnet" {
      cause   = "duplicate_replies"
      explain = "…192.168.226.38…"
    }
  }
}
