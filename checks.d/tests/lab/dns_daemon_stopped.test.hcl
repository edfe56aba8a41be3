# Written by the lab: see record_test.go.
run "dns_daemon_stopped" {
  recording = "dns_daemon_stopped.jsonl"
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
      cause   = "dns_service_down"
      explain = "…192.168.236.176…"
    }
  }
}
