# Written by the lab: see record_test.go.
run "long_answer_and_tcp_closes" {
  recording = "long_answer_and_tcp_closes.jsonl"
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
      cause   = "dns_answer_truncated"
      explain = "…192.168.215.251 (closed)…"
    }
  }
}
