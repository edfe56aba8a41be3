# Written by the lab: see record_test.go.
run "black_hole_to_a_host_without_mail" {
  recording = "black_hole_to_a_host_without_mail.jsonl"
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
      explain = "…172.28.21.131…pings alone…"
    }
  }
}
