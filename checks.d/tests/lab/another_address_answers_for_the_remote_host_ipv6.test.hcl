# Written by the lab: see record_test.go.
run "another_address_answers_for_the_remote_host_ipv6" {
  recording = "another_address_answers_for_the_remote_host_ipv6.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.remote_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "warn"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "remote_subnet" {
      cause   = "answered_by_another"
      explain = "…fd02:5600:0:e52a:8000::b419…fd02:5600:0:e52a:8000::b7e2…"
    }
  }
}
