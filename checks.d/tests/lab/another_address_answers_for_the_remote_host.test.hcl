# Written by the lab: see record_test.go.
run "another_address_answers_for_the_remote_host" {
  recording = "another_address_answers_for_the_remote_host.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.remote_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "warn"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "remote_subnet" {
      cause   = "answered_by_another"
      explain = "…192.168.197.3…192.168.196.140…"
    }
  }
}
