# Written by the lab: see record_test.go.
run "unspecified_address_as_dns_server_and_no_service" {
  recording = "unspecified_address_as_dns_server_and_no_service.jsonl"
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
      cause   = "dns_local_stub_down"
      explain = "…0.0.0.0…"
    }
  }
}
