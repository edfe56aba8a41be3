# Written by the lab: see record_test.go.
run "mail_side_without_address_beside_the_default_route" {
  recording = "mail_side_without_address_beside_the_default_route.jsonl"
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
      cause   = "no_address"
      explain = "…eth0…"
    }
  }
}
