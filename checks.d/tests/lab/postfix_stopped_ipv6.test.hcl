# Written by the lab: see record_test.go.
run "postfix_stopped_ipv6" {
  recording = "postfix_stopped_ipv6.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.smtp]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "fail"
      smtp_log        = "skipped"
    }

    check "smtp" {
      cause   = "smtp_refused"
      explain = "…fd4e:d00:0:594e:8000::ed5d…25…"
    }
  }
}
