# Written by the lab: see record_test.go.
run "black_hole_and_no_icmp_at_all" {
  recording = "black_hole_and_no_icmp_at_all.jsonl"
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
      explain = "…1400…192.168.159.40…"
    }

    check "remote_subnet" {
      cause   = "path_filters_ping"
      explain = "…192.168.159.40…"
    }
  }
}
