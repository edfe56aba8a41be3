# Written by the lab: see record_test.go.
run "hosts_file_as_planned_and_dns_wrong" {
  recording = "hosts_file_as_planned_and_dns_wrong.jsonl"
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
      cause   = "dns_wrong_address"
      explain = "…10.88.23.169…plan says 10.88.23.250…"
    }
  }
}
