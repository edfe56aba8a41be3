# Written by the lab: see record_test.go.
run "smtp_rejected_by_the_host_as_if_closed" {
  recording = "smtp_rejected_by_the_host_as_if_closed.jsonl"
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
      cause   = "smtp_prohibited"
      explain = "…192.168.255.124…the mail host's own firewall…"
    }
  }
}
