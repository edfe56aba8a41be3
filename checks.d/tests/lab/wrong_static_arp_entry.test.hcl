# Written by the lab: see record_test.go.
run "wrong_static_arp_entry" {
  recording = "wrong_static_arp_entry.jsonl"
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
      explain = "…10.59.174.243…02:00:5e:00:00:01…"
    }
  }
}
