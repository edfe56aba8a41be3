# Written by the lab: see record_test.go.
run "remote_host_rejects_everything" {
  recording = "remote_host_rejects_everything.jsonl"
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
      explain = "…10.108.29.243…the host itself…"
    }
  }
}
