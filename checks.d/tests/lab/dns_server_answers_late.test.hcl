# Written by the lab: see record_test.go.
run "dns_server_answers_late" {
  recording = "dns_server_answers_late.jsonl"
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
      cause   = "dns_slow_server"
      explain = "…192.168.116.84 takes 1…"
    }
  }
}
