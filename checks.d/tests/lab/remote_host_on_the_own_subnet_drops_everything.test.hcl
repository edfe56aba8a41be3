# Written by the lab: see record_test.go.
run "remote_host_on_the_own_subnet_drops_everything" {
  recording = "remote_host_on_the_own_subnet_drops_everything.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.remote_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "skipped"
      dns             = "blocked"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "fail"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "remote_subnet" {
      cause   = "path_broken"
      explain = "…172.21.55.66…firewall…"
    }
  }
}
