# Written by the lab: see record_test.go.
run "the_name_has_this_computer's_address_and_nothing_listens" {
  recording = "the_name_has_this_computer's_address_and_nothing_listens.jsonl"
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
      explain = "…mx95.site2117.example…172.23.238.245…"
    }
  }
}
