# Written by the lab: see record_test.go.
run "black_hole_of_the_least_size" {
  recording = "black_hole_of_the_least_size.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.path_mtu]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "fail"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "path_mtu" {
      cause   = "mtu_black_hole"
      explain = "…1280…192.168.125.77…"
    }
  }
}
