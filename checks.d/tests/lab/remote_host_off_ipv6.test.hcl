# Written by the lab: see record_test.go.
run "remote_host_off_ipv6" {
  recording = "remote_host_off_ipv6.jsonl"
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
      cause   = "remote_host_down"
      explain = "…fd88:e300::3…fd88:1c00:0:5495::952a…"
    }
  }
}
