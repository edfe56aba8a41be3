# Written by the lab: see record_test.go.
run "black_hole_on_the_way_back" {
  recording = "black_hole_on_the_way_back.jsonl"
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
      explain = "…from 172.24.247.2…"
    }
  }
}
