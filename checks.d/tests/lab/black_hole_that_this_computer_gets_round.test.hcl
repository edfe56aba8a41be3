# Written by the lab: see record_test.go.
run "black_hole_that_this_computer_gets_round" {
  recording = "black_hole_that_this_computer_gets_round.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.path_mtu]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "warn"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "path_mtu" {
      cause   = "mtu_black_hole"
      explain = "…192.168.79.147…by itself…"
    }
  }
}
