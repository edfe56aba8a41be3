# What own.hcl must say. Nothing is sent: each test gives what the probes would
# have observed. Results that are not given here are those of the healthy network
# that linecheck brings along, its site "example".

run "users can hand in their mail" {
  site = "example"
  vars = { submission_host = "mail.example.com" }

  result "check.submission" { connected = true }

  expect {
    verdict = "pass"
    status  = { submission = "pass" }
  }
}

run "the submission service is not running" {
  site = "example"
  vars = { submission_host = "mail.example.com" }

  result "check.submission" {
    connected = false
    refused   = true
    address   = "198.51.100.25"
    icmp      = null
  }

  expect {
    verdict    = "fail"
    root_cause = check.submission
    cause      = "submission_refused"
    explain    = "mail.example.com (198.51.100.25) itself refuses…"
  }
}

run "connections to the submission port vanish" {
  site = "example"
  vars = { submission_host = "mail.example.com" }

  # What is left out is unknown.
  result "check.submission" {
    connected = false
    refused   = false
  }

  expect {
    root_cause = check.submission
    cause      = null
    explain    = "mail.example.com takes no connections on port 587…"
  }
}

run "without a value it is not tested" {
  site = "example"

  expect {
    verdict = "pass"
    check "submission" {
      status = "skipped"
      reason = "…submission_host…"
    }
  }
}
