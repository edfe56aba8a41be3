# Written by the lab: see record_test.go.
run "remote_host_rejects_everything_ipv6" {
  recording = "remote_host_rejects_everything_ipv6.jsonl"
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
      cause   = "path_prohibited"
      explain = "…fdff:f300:0:da78::ab45…the host itself…"
    }
  }
}
