# Written by the lab: see record_test.go.
run "tunnel_without_its_program" {
  recording = "tunnel_without_its_program.jsonl"
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
      explain = "…tun0…192.168.148.0/23…"
    }
  }
}
