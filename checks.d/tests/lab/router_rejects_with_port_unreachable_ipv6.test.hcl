# Written by the lab: see record_test.go.
run "router_rejects_with_port_unreachable_ipv6" {
  recording = "router_rejects_with_port_unreachable_ipv6.jsonl"
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
      cause   = "path_prohibited"
      explain = "…fd1b:cd00::2…port_unreachable…"
    }
  }
}
