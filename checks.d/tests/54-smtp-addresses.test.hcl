# The addresses of mail.example.com.

run "one of two addresses refuses" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }, { address = "198.51.100.26", connected = false, refused = true, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    greeting_name     = "mail.example.com"
    greeting_relation = "name"
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = "completed"
    ehlo_reply        = "250 mail.example.com"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_some_addresses_dead"
    explain    = "mail.example.com greets on 198.51.100.25, but of its 2 addresses 198.51.100.26 can't be connected to on port 25…"
  }
}

run "two of three addresses are silent" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }, { address = "198.51.100.26", connected = false, refused = false, timed_out = true, local_error = null, icmp = null }, { address = "198.51.100.27", connected = false, refused = false, timed_out = true, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    greeting_name     = "mail.example.com"
    greeting_relation = "name"
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = "completed"
    ehlo_reply        = "250 mail.example.com"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_some_addresses_dead"
    explain    = "…of its 3 addresses 198.51.100.26, 198.51.100.27 can't be connected to…"
  }
}

run "an ICMP error answers for one of two addresses" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }, { address = "198.51.100.26", connected = false, refused = false, timed_out = false, local_error = null, icmp = { type = 3, code = 1, name = "host_unreachable", sender = "203.0.113.5" } }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    greeting_name     = "mail.example.com"
    greeting_relation = "name"
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = "completed"
    ehlo_reply        = "250 mail.example.com"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_some_addresses_dead"
    explain    = "mail.example.com greets on 198.51.100.25, but of its 2 addresses 198.51.100.26 can't be connected to on port 25…"
  }
}

run "a router has no way for IPv6" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }, { address = "2001:db8::25", connected = false, refused = false, timed_out = false, local_error = null, icmp = { type = 1, code = 0, name = "net_unreachable", sender = "203.0.113.5" } }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    greeting_name     = "mail.example.com"
    greeting_relation = "name"
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = "completed"
    ehlo_reply        = "250 mail.example.com"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.smtp
    cause      = "smtp_some_addresses_dead"
    explain    = "mail.example.com greets on 198.51.100.25, but of its 2 addresses 2001:db8::25 can't be connected to on port 25…"
  }
}

run "a router has no way to one of two addresses" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }, { address = "198.51.100.26", connected = false, refused = false, timed_out = false, local_error = null, icmp = { type = 3, code = 0, name = "net_unreachable", sender = "203.0.113.5" } }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    greeting_name     = "mail.example.com"
    greeting_relation = "name"
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = "completed"
    ehlo_reply        = "250 mail.example.com"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_some_addresses_dead"
    explain    = "mail.example.com greets on 198.51.100.25, but of its 2 addresses 198.51.100.26 can't be connected to on port 25: each delivery that tries there first waits or fails."
  }
}

run "the IPv6 address refuses" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }, { address = "2001:db8::25", connected = false, refused = false, timed_out = false, local_error = null, icmp = { type = 1, code = 1, name = "admin_prohibited", sender = "203.0.113.5" } }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    greeting_name     = "mail.example.com"
    greeting_relation = "name"
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = "completed"
    ehlo_reply        = "250 mail.example.com"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_some_addresses_dead"
    explain    = "mail.example.com greets on 198.51.100.25, but of its 2 addresses 2001:db8::25 can't be connected to on port 25: each delivery that tries there first waits or fails."
  }
}

run "this computer's firewall keeps one of two addresses from it" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }, { address = "198.51.100.26", connected = false, refused = false, timed_out = false, local_error = "filtered", icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    greeting_name     = "mail.example.com"
    greeting_relation = "name"
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = "completed"
    ehlo_reply        = "250 mail.example.com"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_some_addresses_dead"
    explain    = "mail.example.com greets on 198.51.100.25, but of its 2 addresses 198.51.100.26 can't be connected to on port 25…"
  }
}

run "an IPv6 address on a computer without IPv6" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }, { address = "2001:db8::25", connected = false, refused = false, timed_out = false, local_error = "no_route", icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    greeting_name     = "mail.example.com"
    greeting_relation = "name"
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = "completed"
    ehlo_reply        = "250 mail.example.com"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict = "pass"
    status  = { smtp = "pass" }
  }
}
