# Written by the lab: see record_test.go.
run "another_address_answers_for_the_gateway_ipv6" {
  recording = "another_address_answers_for_the_gateway_ipv6.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.default_gateway]
    status = {
      adapter         = "pass"
      default_gateway = "warn"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "default_gateway" {
      cause   = "answered_by_another"
      explain = "…fdd9:5000:0:1de2::c358…fdd9:5000:0:1de2:8000::b98c…"
    }
  }
}
