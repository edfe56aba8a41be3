# Written by the lab: see record_test.go.
run "wrong_static_arp_entry_for_the_subnet_host" {
  recording = "wrong_static_arp_entry_for_the_subnet_host.jsonl"
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
      cause   = "subnet_neighbour_wrong"
      explain = "…172.21.210.138…02:00:5e:00:00:01…"
    }
  }
}
