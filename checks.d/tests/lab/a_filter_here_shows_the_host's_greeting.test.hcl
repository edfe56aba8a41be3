# Written by the lab: see record_test.go.
run "a_filter_here_shows_the_host's_greeting" {
  recording = "a_filter_here_shows_the_host's_greeting.jsonl"
  expect {
    verdict    = "warn"
    root_cause = [check.smtp]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "pass"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "pass"
      remote_subnet   = "pass"
      smtp            = "warn"
      smtp_log        = "skipped"
    }

    check "smtp" {
      cause   = "smtp_local_redirect"
      explain = "…mx77.site4724.example…"
    }
  }
}
