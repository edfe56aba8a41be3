# Written by the lab: see record_test.go.
run "hosts_file_against_the_plan_and_no_dns" {
  recording = "hosts_file_against_the_plan_and_no_dns.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.dns]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "fail"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "dns" {
      cause   = "dns_not_configured"
      explain = "…172.17.229.209…172.17.229.161…"
    }
  }
}
