# Written by the lab: see record_test.go.
run "smtp_reset_on_the_way_to_a_host_that_filters_pings" {
  recording = "smtp_reset_on_the_way_to_a_host_that_filters_pings.jsonl"
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
      cause   = "smtp_reset_on_the_way"
      explain = "…hop 2…"
    }
  }
}
