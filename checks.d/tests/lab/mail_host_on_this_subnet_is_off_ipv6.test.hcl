# Written by the lab: see record_test.go.
run "mail_host_on_this_subnet_is_off_ipv6" {
  recording = "mail_host_on_this_subnet_is_off_ipv6.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.smtp]
    status = {
      adapter         = "pass"
      default_gateway = "skipped"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "skipped"
      remote_subnet   = "skipped"
      smtp            = "fail"
      smtp_log        = "skipped"
    }

    check "smtp" {
      cause   = "mail_host_down"
      explain = "…fdb4:7400:0:fc53:8000::2db2…its own cable…"
    }
  }
}
