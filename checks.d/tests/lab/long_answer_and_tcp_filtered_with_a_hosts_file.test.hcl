# Written by the lab: see record_test.go.
run "long_answer_and_tcp_filtered_with_a_hosts_file" {
  recording = "long_answer_and_tcp_filtered_with_a_hosts_file.jsonl"
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
      cause   = "dns_answer_truncated"
      explain = "…10.228.105.81…"
    }
  }
}
