# Written by the lab: see record_test.go.
run "router_rejects_with_address_unreachable" {
  recording = "router_rejects_with_address_unreachable.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.remote_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "blocked"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "fail"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "remote_subnet" {
      cause   = "remote_host_down"
      explain = "…fddf:4200::2…firewall…"
    }
  }
}
