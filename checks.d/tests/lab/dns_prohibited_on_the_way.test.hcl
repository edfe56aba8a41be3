# Written by the lab: see record_test.go.
run "dns_prohibited_on_the_way" {
  recording = "dns_prohibited_on_the_way.jsonl"
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
      explain = "…10.63.0.1…192.168.10.246…"
    }
  }
}
