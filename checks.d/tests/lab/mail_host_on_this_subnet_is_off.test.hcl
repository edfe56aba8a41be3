# Written by the lab: see record_test.go.
run "mail_host_on_this_subnet_is_off" {
  recording = "mail_host_on_this_subnet_is_off.jsonl"
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
      explain = "…192.168.17.48…its own cable…"
    }
  }
}
