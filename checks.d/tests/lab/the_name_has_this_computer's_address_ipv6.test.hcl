# Written by the lab: see record_test.go.
run "the_name_has_this_computer's_address_ipv6" {
  recording = "the_name_has_this_computer's_address_ipv6.jsonl"
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
      cause   = "smtp_local_redirect"
      explain = "…mx37.site0553.example…fd0a:2800:0:a0da:8000::159c…"
    }
  }
}
