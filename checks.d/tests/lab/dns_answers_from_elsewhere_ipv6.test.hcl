# Written by the lab: see record_test.go.
run "dns_answers_from_elsewhere_ipv6" {
  recording = "dns_answers_from_elsewhere_ipv6.jsonl"
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
      cause   = "dns_answers_from_elsewhere"
      explain = "…fd86:cc00:0:b8df:8000::fb96…fd86:cc00:0:b8df:8000::3b17…"
    }
  }
}
