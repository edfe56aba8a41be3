# Written by the lab: see record_test.go.
run "black_hole_of_a_dsl_line_ipv6" {
  recording = "black_hole_of_a_dsl_line_ipv6.jsonl"
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
      explain = "…1492…fda2:2100:0:552c::b61c…"
    }
  }
}
