# Written by the lab: see record_test.go.
run "smtp_over_tls_on_the_port_ipv6" {
  recording = "smtp_over_tls_on_the_port_ipv6.jsonl"
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
      cause   = "smtp_expects_tls"
      explain = "…mx16.site2481.example…25…"
    }
  }
}
