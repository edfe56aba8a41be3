# Written by the lab: see record_test.go.
run "mask_too_wide_ipv6" {
  recording = "mask_too_wide_ipv6.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.remote_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "blocked"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "fail"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "remote_subnet" {
      cause   = "subnet_mask_too_wide"
      explain = "…fd78:c600:0:c962::889a…"
    }
  }
}
