# Written by the lab: see record_test.go.
run "dns_rejected_on_the_way_as_if_closed" {
  recording = "dns_rejected_on_the_way_as_if_closed.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.dns]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "fail"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "dns" {
      cause   = "dns_prohibited"
      explain = "…192.168.0.2…172.21.186.213…"
    }
  }
}
