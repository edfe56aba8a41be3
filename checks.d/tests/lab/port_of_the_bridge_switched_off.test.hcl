# Written by the lab: see record_test.go.
run "port_of_the_bridge_switched_off" {
  recording = "port_of_the_bridge_switched_off.jsonl"
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
      cause   = "adapter_below_down"
      explain = "…br0…eth0…"
    }
  }
}
