# Written by the lab: see record_test.go.
run "router_does_not_take_our_source" {
  recording = "router_does_not_take_our_source.jsonl"
  expect {
    verdict    = "fail"
    root_cause = [check.remote_subnet]
    status = {
      adapter         = "pass"
      default_gateway = "pass"
      dns             = "blocked"
      local_subnet    = "pass"
      loopback        = "pass"
      path_mtu        = "blocked"
      remote_subnet   = "fail"
      smtp            = "blocked"
      smtp_log        = "skipped"
    }

    check "remote_subnet" {
      cause   = "source_address_wrong"
      explain = "…fdc8:3a00:0:b603:8000::2284…router…"
    }
  }
}
