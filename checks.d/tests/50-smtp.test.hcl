# The mail service on mail.example.com, 198.51.100.25.

run "this computer's firewall keeps connections in" {
  site = "example"
  result "check.smtp" {
    connected   = false
    refused     = false
    timed_out   = false
    code        = null
    local_error = "filtered"
    icmp        = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "local_filter"
    explain    = "This computer's own firewall does not let connections to mail.example.com port 25 out."
    status     = { dns = "pass", smtp_log = "skipped" }
  }
}

run "a firewall on the way turns connections away" {
  site = "example"
  result "check.smtp" {
    connected   = false
    refused     = true
    timed_out   = false
    icmp_origin = "other"
    code        = null
    local_error = null
    icmp        = { sender = "203.0.113.1", name = "port_unreachable", code = 3, type = 3 }
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_prohibited"
    explain    = "203.0.113.1 turns connections to mail.example.com port 25 away (ICMP port_unreachable)…"
  }
}

run "the mail service is not running" {
  site = "example"
  result "check.smtp" {
    connected   = false
    refused     = true
    timed_out   = false
    address     = "198.51.100.25"
    code        = null
    local_error = null
    icmp        = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_refused"
    explain    = "mail.example.com (198.51.100.25) refuses connections to port 25…"
  }
}

run "connections vanish" {
  site = "example"
  result "check.smtp" {
    connected   = false
    refused     = false
    timed_out   = true
    address     = "198.51.100.25"
    code        = null
    local_error = null
    icmp        = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_filtered"
    explain    = "Connections to mail.example.com (198.51.100.25) port 25 vanish without an answer…"
  }
}

run "the mail service asks to come back later" {
  site = "example"
  result "check.smtp" {
    connected   = true
    refused     = false
    timed_out   = false
    is_smtp     = true
    code        = 421
    greeting    = "421 mail.example.com busy"
    local_error = null
    icmp        = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_not_ready"
    explain    = "mail.example.com answers \"421 mail.example.com busy\": its mail service, or a proxy that answers in its name, is not ready now…"
  }
}

run "the mail service will not serve this computer" {
  site = "example"
  result "check.smtp" {
    connected   = true
    refused     = false
    timed_out   = false
    is_smtp     = true
    code        = 554
    greeting    = "554 no SMTP service here"
    local_error = null
    icmp        = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_refuses_service"
    explain    = "…\"554 no SMTP service here\": its mail service, or a proxy that answers in its name, will not serve this computer."
  }
}

run "the codes at the edges" {
  description = "400 and 499 are a no for now, 500 and 599 one for good; anything else is neither."
  site        = "example"
  result "check.smtp" {
    connected   = true
    refused     = false
    timed_out   = false
    is_smtp     = true
    code        = 400
    greeting    = "400 hm"
    local_error = null
    icmp        = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_not_ready"
  }
}

run "500 is one for good" {
  site = "example"
  result "check.smtp" {
    connected   = true
    refused     = false
    timed_out   = false
    is_smtp     = true
    code        = 500
    greeting    = "500 no"
    local_error = null
    icmp        = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_refuses_service"
  }
}

run "a positive answer that is no greeting" {
  site = "example"
  result "check.smtp" {
    connected   = true
    refused     = false
    timed_out   = false
    is_smtp     = true
    code        = 250
    greeting    = "250 what"
    local_error = null
    icmp        = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = null
  }
}

run "an SSH server listens on the port" {
  site = "example"
  result "check.smtp" {
    connected   = true
    refused     = false
    timed_out   = false
    is_smtp     = false
    code        = null
    greeting    = "SSH-2.0-OpenSSH_9.2"
    local_error = null
    icmp        = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "not_smtp"
    explain    = "Something listens on mail.example.com port 25, but it does not speak SMTP. It said: SSH-2.0-OpenSSH_9.2"
  }
}

run "the mail service stops in the middle of its greeting" {
  site = "example"
  result "check.smtp" {
    provoked     = null
    connected    = true
    refused      = false
    timed_out    = true
    is_smtp      = false
    code         = null
    greeting     = "220-mail.example.com takes a while"
    closed_early = false
    local_error  = null
    icmp         = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_no_greeting"
    explain    = "*takes the connection on port 25 but stops in the middle of its greeting*"
  }
}

run "the mail service hangs" {
  site = "example"
  result "check.smtp" {
    provoked     = null
    connected    = true
    refused      = false
    timed_out    = true
    is_smtp      = false
    code         = null
    greeting     = null
    closed_early = false
    local_error  = null
    icmp         = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_no_greeting"
    explain    = "mail.example.com takes the connection on port 25 but says nothing…"
  }
}

run "the mail service closes at once" {
  site = "example"
  result "check.smtp" {
    connected    = true
    refused      = false
    timed_out    = false
    is_smtp      = false
    code         = null
    greeting     = null
    closed_early = true
    local_error  = null
    icmp         = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_no_greeting"
    explain    = "mail.example.com takes the connection on port 25 and closes it without a word…"
  }
}

run "a connection that came to nothing known" {
  site = "example"
  result "check.smtp" {
    connected   = false
    refused     = false
    timed_out   = false
    code        = null
    greeting    = null
    local_error = null
    icmp        = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = null
  }
}

run "the greeting was never logged" {
  site = "example"
  vars = { smtp_log = "/var/log/smtp.log" }
  result "check.smtp_log" {
    found   = true
    matched = false
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp_log
    cause      = "greeting_not_logged"
    explain    = "The log file /var/log/smtp.log holds no 220 greeting…"
    status     = { smtp = "pass" }
  }
}

run "there is no log file" {
  site = "example"
  vars = { smtp_log = "/var/log/smtp.log" }
  result "check.smtp_log" {
    found   = false
    matched = false
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp_log
    cause      = null
    explain    = "There is no log file /var/log/smtp.log on this computer."
  }
}

run "mail is logged only while it can be delivered" {
  site = "example"
  vars = { smtp_log = "/var/log/smtp.log" }
  result "check.smtp" {
    connected   = false
    refused     = true
    timed_out   = false
    address     = "198.51.100.25"
    code        = null
    local_error = null
    icmp        = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    status     = { smtp_log = "blocked" }
  }
}

run "something else on the port talks and then falls silent" {
  site = "example"
  result "check.smtp" {
    connected    = true
    refused      = false
    timed_out    = true
    is_smtp      = false
    code         = null
    greeting     = "HELLO"
    closed_early = false
    local_error  = null
    icmp         = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "not_smtp"
    explain    = "…It said: HELLO"
  }
}
