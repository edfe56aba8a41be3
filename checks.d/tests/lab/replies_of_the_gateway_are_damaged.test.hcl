# Written by the lab: see record_test.go.
run "replies_of_the_gateway_are_damaged" {
  recording = "replies_of_the_gateway_are_damaged.jsonl"
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
      cause   = "gateway_filters_ping"
      explain = "…10.19.100.32…"
    }
  }
}
