# Written by the lab: see record_test.go.
run "black_hole_on_the_way_back_and_no_pings" {
  recording = "black_hole_on_the_way_back_and_no_pings.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.path_mtu, check.remote_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "fail"
      remote_subnet   = "warn"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "path_mtu" {
      cause   = "mtu_black_hole"
      explain = "…from 172.29.66.15…"
    }

    check "remote_subnet" {
      cause   = "path_filters_ping"
      explain = "…172.29.66.15…"
    }
  }
}
