# Written by the lab: see record_test.go.
run "smtp_rejected_by_our_own_firewall_as_if_the_host_were_off" {
  recording = "smtp_rejected_by_our_own_firewall_as_if_the_host_were_off.jsonl"
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
      cause   = "local_filter"
      explain = "…mx68.site6525.example…25…"
    }
  }
}
