# Written by the lab: see record_test.go.
run "dns_extra_address" {
  recording = "dns_extra_address.jsonl"
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
      cause   = "dns_extra_address"
      explain = "…10.33.10.79…10.33.10.93…"
    }
  }
}
