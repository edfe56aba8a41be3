# Written by the lab: see record_test.go.
run "hosts_file_has_the_other_family" {
  recording = "hosts_file_has_the_other_family.jsonl"
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
      cause   = "hosts_file_override"
      explain = "…2001:db8::99…192.168.160.205…"
    }
  }
}
