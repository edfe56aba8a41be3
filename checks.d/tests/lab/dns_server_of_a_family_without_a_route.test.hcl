# Written by the lab: see record_test.go.
run "dns_server_of_a_family_without_a_route" {
  recording = "dns_server_of_a_family_without_a_route.jsonl"
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
      cause   = "no_route_to_dns_server"
      explain = "…2001:db8::53…"
    }
  }
}
