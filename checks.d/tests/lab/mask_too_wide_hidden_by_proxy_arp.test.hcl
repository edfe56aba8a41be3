# Written by the lab: see record_test.go.
run "mask_too_wide_hidden_by_proxy_arp" {
  recording = "mask_too_wide_hidden_by_proxy_arp.jsonl"
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
      cause   = "subnet_mask_too_wide"
      explain = "…10.72.8.132…"
    }
  }
}
