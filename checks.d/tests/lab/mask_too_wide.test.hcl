# Written by the lab: see record_test.go.
run "mask_too_wide" {
  recording = "mask_too_wide.jsonl"
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
      explain = "…192.168.213.137…"
    }
  }
}
