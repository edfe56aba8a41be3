# Written by the lab: see record_test.go.
run "wrong_static_arp_entry_ipv6" {
  recording = "wrong_static_arp_entry_ipv6.jsonl"
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
      cause   = "gateway_neighbour_wrong"
      explain = "…fd1a:5c00:0:c785::a86a…02:00:5e:00:00:01…"
    }
  }
}
