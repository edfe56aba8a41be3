# Written by the lab: see record_test.go.
run "this_computer_prohibits_the_way_to_the_mail_host" {
  recording = "this_computer_prohibits_the_way_to_the_mail_host.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.smtp]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "fail"
      smtp_log        = "skipped"
    }

    check "smtp" {
      cause   = "no_route_to_mail_host"
      explain = "…198.51.100.7…forbids…"
    }
  }
}
