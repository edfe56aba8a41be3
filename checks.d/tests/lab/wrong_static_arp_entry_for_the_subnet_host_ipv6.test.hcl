# Written by the lab: see record_test.go.
run "wrong_static_arp_entry_for_the_subnet_host_ipv6" {
  recording = "wrong_static_arp_entry_for_the_subnet_host_ipv6.jsonl"
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
      explain = "…fdd7:4500:0:e67a:8000::8223…02:00:5e:00:00:01…"
    }
  }
}
