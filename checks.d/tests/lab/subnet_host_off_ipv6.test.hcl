# Written by the lab: see record_test.go.
run "subnet_host_off_ipv6" {
  recording = "subnet_host_off_ipv6.jsonl"
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
      cause   = "subnet_host_down"
      explain = "…fd6e:df00:0:74e::2138…"
    }
  }
}
