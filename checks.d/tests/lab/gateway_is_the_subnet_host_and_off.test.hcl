# Written by the lab: see record_test.go.
run "gateway_is_the_subnet_host_and_off" {
  recording = "gateway_is_the_subnet_host_and_off.jsonl"
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
      explain = "…192.168.145.34…"
    }
  }
}
