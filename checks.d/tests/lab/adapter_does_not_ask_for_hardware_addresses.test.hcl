# Written by the lab: see record_test.go.
run "adapter_does_not_ask_for_hardware_addresses" {
  recording = "adapter_does_not_ask_for_hardware_addresses.jsonl"
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
      cause   = "adapter_without_arp"
      explain = "…eth0…"
    }
  }
}
