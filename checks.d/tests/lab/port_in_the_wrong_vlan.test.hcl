# Written by the lab: see record_test.go.
run "port_in_the_wrong_vlan" {
  recording = "port_in_the_wrong_vlan.jsonl"
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
      cause   = "subnet_isolated"
      explain = "…10.105.160.246…"
    }
  }
}
