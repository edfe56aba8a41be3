# Written by the lab: see record_test.go.
run "wrong_gateway_in_the_routing_table_ipv6" {
  recording = "wrong_gateway_in_the_routing_table_ipv6.jsonl"
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
      explain = "…fd70:1200:0:b6e8:8000::62cc…fd70:1200:0:b6e8::c304…"
    }
  }
}
