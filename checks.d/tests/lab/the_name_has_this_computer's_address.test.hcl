# Written by the lab: see record_test.go.
run "the_name_has_this_computer's_address" {
  recording = "the_name_has_this_computer's_address.jsonl"
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
      explain = "…mx15.site3629.example…192.168.71.250…"
    }
  }
}
