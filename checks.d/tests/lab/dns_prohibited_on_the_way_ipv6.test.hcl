# Written by the lab: see record_test.go.
run "dns_prohibited_on_the_way_ipv6" {
  recording = "dns_prohibited_on_the_way_ipv6.jsonl"
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
      explain = "…fd1f:5600::2…fd1f:a900:0:7874::334c…"
    }
  }
}
