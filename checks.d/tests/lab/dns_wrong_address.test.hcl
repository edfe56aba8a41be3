# Written by the lab: see record_test.go.
run "dns_wrong_address" {
  recording = "dns_wrong_address.jsonl"
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
      explain = "…10.249.126.145…10.249.127.117…"
    }
  }
}
