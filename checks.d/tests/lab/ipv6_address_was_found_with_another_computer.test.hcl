# Written by the lab: see record_test.go.
run "ipv6_address_was_found_with_another_computer" {
  recording = "ipv6_address_was_found_with_another_computer.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.adapter]
    status = {
      adapter         = "fail"
      default_gateway = "blocked"
      dns             = "blocked"
      local_subnet    = "blocked"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "blocked"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "adapter" {
      cause   = "duplicate_address"
      explain = "…fdc1:1600:0:1309:8000::54b…"
    }
  }
}
