# Written by the lab: see record_test.go.
run "replies_of_the_subnet_host_are_damaged" {
  recording = "replies_of_the_subnet_host_are_damaged.jsonl"
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
      cause   = "subnet_host_filters_ping"
      explain = "…10.61.242.81…"
    }
  }
}
