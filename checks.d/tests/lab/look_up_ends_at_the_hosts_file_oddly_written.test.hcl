# Written by the lab: see record_test.go.
run "look_up_ends_at_the_hosts_file_oddly_written" {
  recording = "look_up_ends_at_the_hosts_file_oddly_written.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.dns]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "fail"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "dns" {
      cause   = "system_resolver_failing"
      explain = "…nsswitch.conf…"
    }
  }
}
