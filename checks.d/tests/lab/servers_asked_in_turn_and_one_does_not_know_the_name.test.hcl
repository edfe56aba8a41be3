# Written by the lab: see record_test.go.
run "servers_asked_in_turn_and_one_does_not_know_the_name" {
  recording = "servers_asked_in_turn_and_one_does_not_know_the_name.jsonl"
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
      cause   = "dns_servers_disagree"
      explain = "…10.231.203.57 says that there is no such name…rotate…"
    }
  }
}
