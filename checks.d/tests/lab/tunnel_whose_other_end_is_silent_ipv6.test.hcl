# Written by the lab: see record_test.go.
run "tunnel_whose_other_end_is_silent_ipv6" {
  recording = "tunnel_whose_other_end_is_silent_ipv6.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.remote_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "blocked"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "fail"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "remote_subnet" {
      cause   = "tunnel_down"
      explain = "…tun0…fd12:6800:0:caa8::/64…"
    }
  }
}
