# Written by the lab: see record_test.go.
run "cloud_address_without_a_subnet_and_a_subnet_host" {
  recording = "cloud_address_without_a_subnet_and_a_subnet_host.jsonl"
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
      cause   = "subnet_host_behind_gateway"
      explain = "…172.18.63.200…"
    }
  }
}
