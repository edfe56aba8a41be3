# Written by the lab: see record_test.go.
run "gateway_loses_the_first_three" {
  recording = "gateway_loses_the_first_three.jsonl"
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
      cause   = "packet_loss"
      explain = "…192.168.252.229…"
    }
  }
}
