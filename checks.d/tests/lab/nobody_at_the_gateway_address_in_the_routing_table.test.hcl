# Written by the lab: see record_test.go.
run "nobody_at_the_gateway_address_in_the_routing_table" {
  recording = "nobody_at_the_gateway_address_in_the_routing_table.jsonl"
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
      cause   = "gateway_address_wrong"
      explain = "…172.23.38.191…172.23.37.224…"
    }
  }
}
