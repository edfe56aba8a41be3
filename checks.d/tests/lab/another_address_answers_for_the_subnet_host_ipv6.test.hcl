# Written by the lab: see record_test.go.
run "another_address_answers_for_the_subnet_host_ipv6" {
  recording = "another_address_answers_for_the_subnet_host_ipv6.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.local_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "warn"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "pass"
      smtp_log        = "skipped"
    }

    check "local_subnet" {
      cause   = "answered_by_another"
      explain = "…fd3e:b300:0:3384:8000::dd87…fd3e:b300:0:3384:8000::c1b3…"
    }
  }
}
