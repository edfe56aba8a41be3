# Written by the lab: see record_test.go.
run "black_hole_on_the_way_back_ipv6" {
  recording = "black_hole_on_the_way_back_ipv6.jsonl"
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
      explain = "…from fdf9:d800:0:1800::c8c2…"
    }
  }
}
