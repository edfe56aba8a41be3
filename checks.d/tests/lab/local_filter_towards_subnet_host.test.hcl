# Written by the lab: see record_test.go.
run "local_filter_towards_subnet_host" {
  recording = "local_filter_towards_subnet_host.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.local_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "blocked"
      dns             = "blocked"
      local_subnet    = "fail"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "blocked"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "local_subnet" {
      cause   = "local_filter"
      explain = "…172.22.187.199…"
    }
  }
}
