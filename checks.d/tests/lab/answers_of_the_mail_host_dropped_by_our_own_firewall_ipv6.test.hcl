# Written by the lab: see record_test.go.
run "answers_of_the_mail_host_dropped_by_our_own_firewall_ipv6" {
  recording = "answers_of_the_mail_host_dropped_by_our_own_firewall_ipv6.jsonl"
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
      cause   = "smtp_filtered"
      explain = "…mx18.site9367.example…on this computer…"
    }
  }
}
