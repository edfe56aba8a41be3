# Written by the lab: see record_test.go.
run "another_computer_has_the_gateways_address_ipv6" {
  recording = "another_computer_has_the_gateways_address_ipv6.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.default_gateway]
    status = {
      adapter         = "pass"
      default_gateway = "fail"
      dns             = "blocked"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "blocked"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "default_gateway" {
      cause   = "gateway_duplicate_address"
      explain = "…fd31:3900:0:e294:8000::9fab…"
    }
  }
}
