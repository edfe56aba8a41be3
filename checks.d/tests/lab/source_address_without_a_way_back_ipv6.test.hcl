# Written by the lab: see record_test.go.
run "source_address_without_a_way_back_ipv6" {
  recording = "source_address_without_a_way_back_ipv6.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.remote_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "blocked"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "fail"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "remote_subnet" {
      cause   = "source_address_wrong"
      explain = "…fdb1:f400:0:8176::f3f4…"
    }
  }
}
