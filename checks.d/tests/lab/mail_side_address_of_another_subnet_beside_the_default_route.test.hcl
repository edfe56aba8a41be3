# Written by the lab: see record_test.go.
run "mail_side_address_of_another_subnet_beside_the_default_route" {
  recording = "mail_side_address_of_another_subnet_beside_the_default_route.jsonl"
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
      cause   = "subnet_mask_wrong"
      explain = "…10.133.171.163…"
    }
  }
}
