# Written by the lab: see record_test.go.
run "no_router_knows_the_mail_host" {
  recording = "no_router_knows_the_mail_host.jsonl"
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
      explain = "…192.168.71.38…198.51.100.7…"
    }
  }
}
