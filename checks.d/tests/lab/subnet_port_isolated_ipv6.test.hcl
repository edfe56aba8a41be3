# Written by the lab: see record_test.go.
run "subnet_port_isolated_ipv6" {
  recording = "subnet_port_isolated_ipv6.jsonl"
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
      cause   = "subnet_host_down"
      explain = "…fd9b:4600:0:f9d9:8000::7810…"
    }
  }
}
