# How old the mail gateway's log is.

run "the log was written an hour ago" {
  site = "example"
  vars = { smtp_log = "/var/log/smtp.log" }
  result "check.smtp_log" {
    found   = true
    matched = true
    age_s   = 3600
  }
  expect {
    verdict = "pass"
    status  = { smtp_log = "pass" }
  }
}

run "the log was last written eight days ago" {
  site = "example"
  vars = { smtp_log = "/var/log/smtp.log" }
  result "check.smtp_log" {
    found   = true
    matched = true
    age_s   = 691200
  }
  expect {
    verdict    = "warn"
    root_cause = check.smtp_log
    cause      = "greeting_logged_long_ago"
    explain    = "The log file /var/log/smtp.log was last written 192 hours ago…"
  }
}

run "a week to the second is not too old" {
  site = "example"
  vars = { smtp_log = "/var/log/smtp.log" }
  result "check.smtp_log" {
    found   = true
    matched = true
    age_s   = 604800
  }
  expect { verdict = "pass" }
}

run "a site that does not care how old the log is" {
  site = "example"
  vars = { smtp_log = "/var/log/smtp.log", smtp_log_max_age_h = null }
  result "check.smtp_log" {
    found   = true
    matched = true
    age_s   = 691200
  }
  expect { verdict = "pass" }
}

run "nobody knows how old the log is" {
  site = "example"
  vars = { smtp_log = "/var/log/smtp.log" }
  result "check.smtp_log" {
    found   = true
    matched = true
    age_s   = null
  }
  expect { verdict = "pass" }
}

run "an old log without a greeting" {
  site = "example"
  vars = { smtp_log = "/var/log/smtp.log" }
  result "check.smtp_log" {
    found   = true
    matched = false
    age_s   = 691200
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp_log
    cause      = "greeting_not_logged"
  }
}

run "a log that is not there has no age" {
  site = "example"
  vars = { smtp_log = "/var/log/smtp.log" }
  result "check.smtp_log" {
    found   = false
    matched = false
    age_s   = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp_log
    cause      = null
  }
}
