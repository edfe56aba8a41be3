# Written by the lab: see record_test.go.
run "subnet_host_with_a_wrong_mask" {
  recording = "subnet_host_with_a_wrong_mask.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.local_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "warn"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "local_subnet" {
      cause   = "subnet_host_filters_ping"
      explain = "…172.27.74.45…mask…"
    }
  }
}
