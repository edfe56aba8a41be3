# Written by the lab: see record_test.go.
run "two_dead_dns_servers_and_a_mail_service_that_hangs" {
  recording = "two_dead_dns_servers_and_a_mail_service_that_hangs.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.smtp, check.dns]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "warn"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "fail"
      smtp_log        = "skipped"
    }

    check "smtp" {
      cause   = "smtp_no_greeting"
      explain = "…mx53.site2002.example…says nothing…"
    }

    check "dns" {
      cause   = "dns_slow_server"
      explain = "…10.87.119.106…10.87.239.157…"
    }
  }
}
