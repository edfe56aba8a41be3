# Written by the lab: see record_test.go.
run "macvlan_on_an_adapter_that_is_off_ipv6" {
  recording = "macvlan_on_an_adapter_that_is_off_ipv6.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.adapter]
    status = {
      adapter         = "fail"
      default_gateway = "blocked"
      dns             = "blocked"
      local_subnet    = "blocked"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "blocked"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "adapter" {
      cause   = "adapter_below_down"
      explain = "…mv0…eth0…"
    }
  }
}
