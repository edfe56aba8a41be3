# Written by the lab: see record_test.go.
run "dns_servers_disagree_and_one_is_dead" {
  recording = "dns_servers_disagree_and_one_is_dead.jsonl"
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
      explain = "…10.146.222.18…10.146.223.246…"
    }
  }
}
