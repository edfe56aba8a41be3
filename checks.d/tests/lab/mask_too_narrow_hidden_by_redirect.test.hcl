# Written by the lab: see record_test.go.
run "mask_too_narrow_hidden_by_redirect" {
  recording = "mask_too_narrow_hidden_by_redirect.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.local_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "blocked"
      dns             = "blocked"
      local_subnet    = "fail"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "blocked"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "local_subnet" {
      cause   = "subnet_mask_wrong"
      explain = "…10.192.246.218…"
    }
  }
}
