# What is said on mail.example.com, port 25.

run "the port expects TLS" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = true
    address           = "198.51.100.25"
    answered_here     = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = true
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_expects_tls"
    explain    = "mail.example.com port 25 speaks TLS from the first byte on…"
  }
}

run "a filter breaks a greeting of several lines" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    answered_here     = null
    is_smtp           = false
    code              = null
    greeting          = "220-****\\n********"
    greeting_name     = null
    greeting_relation = null
    masked            = "greeting"
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_greeting_mangled"
    explain    = "…rewrites the greeting: \"220-****\\n********\". What is meant to hide the mail service breaks its dialogue."
  }
}

run "a filter masks the greeting and mail passes" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 ********"
    greeting_ms       = 40
    greeting_name     = null
    greeting_relation = null
    masked            = "greeting"
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
    cause      = "smtp_greeting_mangled"
  }
}

run "a filter masks the greeting and nothing passes" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 ********"
    greeting_ms       = 40
    greeting_name     = null
    greeting_relation = null
    masked            = "greeting"
    expects_tls       = false
    provoked          = null
    dialogue          = "closed"
    ehlo_reply        = null
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_greeting_mangled"
  }
}

run "a filter masks a greeting that says no" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 421
    greeting          = "421 ********"
    greeting_ms       = 40
    greeting_name     = null
    greeting_relation = null
    masked            = "greeting"
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_greeting_mangled"
  }
}

run "a filter masks extensions" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    greeting_name     = "mail.example.com"
    greeting_relation = "name"
    masked            = "extensions"
    expects_tls       = false
    provoked          = null
    dialogue          = "completed"
    ehlo_reply        = "250-mail.example.com\\n250 XXXXXXXA"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.smtp
    cause      = "smtp_greeting_mangled"
    explain    = "…rewrites the list of what the mail service can do: \"250-mail.example.com\\n250 XXXXXXXA\". TLS and other extensions are lost by that."
  }
}

run "EHLO is not answered" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = true
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
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
    dialogue          = "unanswered"
    ehlo_ms           = 15700
    ehlo_reply        = null
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_dialogue_stalls"
    explain    = "mail.example.com greets with 220 on port 25, but does not answer EHLO within 15700 ms…"
  }
}

run "EHLO closes the connection" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
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
    dialogue          = "closed"
    ehlo_reply        = null
    closed_early      = true
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_dialogue_stalls"
    explain    = "…but closes the connection before it has answered EHLO…"
  }
}

run "EHLO is answered with noise" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
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
    dialogue          = "garbled"
    ehlo_reply        = null
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_dialogue_stalls"
    explain    = "…but what it answers to EHLO is no reply to it…"
  }
}

run "the check's time is up before EHLO is answered" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 9999
    greeting_name     = "mail.example.com"
    greeting_relation = "name"
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = "unfinished"
    ehlo_reply        = null
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict = "pass"
    status  = { smtp = "pass" }
  }
}

run "TLS is wanted first" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
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
    dialogue          = "tls_required"
    ehlo_reply        = "530 5.7.0 Must issue a STARTTLS command first"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict = "pass"
    status  = { smtp = "pass" }
  }
}

run "EHLO is answered with 421" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
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
    dialogue          = "not_now"
    ehlo_reply        = "421 4.7.0 Too many connections"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_not_ready"
    explain    = "mail.example.com answers EHLO with \"421 4.7.0 Too many connections\": its mail service, or a proxy that answers in its name, is not ready now and asks to come back later."
  }
}

run "a filter makes EHLO illegible" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    greeting_name     = "mail.example.com"
    greeting_relation = "name"
    masked            = "command"
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
    cause      = "smtp_greeting_mangled"
    explain    = "…rewrites the command EHLO, so that mail.example.com does not know it. TLS and other extensions are lost by that."
  }
}

run "EHLO and HELO are refused" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    connect_ms        = 20
    greeting_ms       = 40
    greeting_name     = "mail.example.com"
    greeting_relation = "name"
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = "refused"
    ehlo_ms           = 9990
    ehlo_reply        = "550 5.7.1 Invalid HELO"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.smtp
    cause      = "smtp_helo_refused"
    explain    = "…does not accept how this check introduces itself: \"550 5.7.1 Invalid HELO\"…"
  }
}

run "the greeting takes ten seconds" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 10000
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
    cause      = "smtp_slow_greeting"
    explain    = "mail.example.com greets after 10000 ms…"
  }
}

run "the connection comes about after two seconds" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    connect_ms        = 2000
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
    cause      = "smtp_slow_connect"
    explain    = "The connection to mail.example.com (198.51.100.25) port 25 came about only after 2000 ms: …"
  }
}

run "the connection comes about after one lost packet" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    connect_ms        = 1999
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
  expect { verdict = "pass" }
}

run "the connection comes about late where pings are lost, too" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    connect_ms        = 2000
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
  result "check.remote_subnet" {
    duplicates  = 0
    sent        = 3
    received    = 2
    rtt_avg_ms  = 12
    local_error = null
    icmp        = null
  }
  result "fact.remote_again" {
    sent     = 50
    received = 40
    loss_pct = 20
    icmp     = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.remote_subnet
    cause      = "packet_loss"
    status     = { smtp = "pass" }
  }
}

run "the connection comes about late where pings to the gateway are lost" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    connect_ms        = 2000
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
  result "check.default_gateway" {
    duplicates  = 0
    sent        = 3
    received    = 2
    rtt_avg_ms  = 0.5
    local_error = null
    icmp        = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 16
    loss_pct = 20
    icmp     = null
  }
  result "fact.gateway_through" {
    sent     = 20
    received = 16
    loss_pct = 20
    icmp     = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "packet_loss"
    status     = { smtp = "pass" }
  }
}

run "the connection comes about late behind a gateway that ignores pings" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    connect_ms        = 2000
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
  result "check.default_gateway" {
    duplicates  = 0
    strangers   = 0
    sent        = 3
    received    = 0
    local_error = null
    icmp        = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
    icmp     = null
  }
  expect {
    verdict = "warn"
    check "default_gateway" { cause = "gateway_filters_ping" }
    check "smtp" { cause = "smtp_slow_connect" }
  }
}

run "the greeting and the connection take their time" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 10000
    connect_ms        = 3100
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
    cause      = "smtp_slow_greeting"
    explain    = "mail.example.com greets after 10000 ms…"
  }
}

run "an FTP server listens on the port" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 ProFTPD"
    greeting_ms       = 40
    greeting_name     = "proftpd"
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = "not_understood"
    ehlo_reply        = "500 EHLO not understood"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "not_smtp"
    explain    = "…It said: 220 ProFTPD; and to EHLO or HELO: 500 EHLO not understood"
  }
}

run "a news server listens on the port" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 200
    greeting          = "200 InterNetNews ready"
    greeting_ms       = 40
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "not_smtp"
    explain    = "…It said: 200 InterNetNews ready"
  }
}

run "a web server waits on the port" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = true
    address           = "198.51.100.25"
    answered_here     = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = "HTTP/1.1 400 Bad Request"
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "not_smtp"
    explain    = "…It said: HTTP/1.1 400 Bad Request"
  }
}

run "the service hangs, and TLS is not it" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = true
    address           = "198.51.100.25"
    answered_here     = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = null
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_no_greeting"
  }
}

run "the service closes in the middle of its greeting" {
  site = "example"
  result "check.smtp" {
    connected     = true
    refused       = false
    timed_out     = false
    answered_here = null
    is_smtp       = false
    code          = null
    greeting      = "220 mail.exa"
    masked        = null
    expects_tls   = false
    provoked      = null
    dialogue      = null
    closed_early  = true
    local_error   = null
    icmp          = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_no_greeting"
    explain    = "…and closes it in the middle of its greeting: its mail service…"
  }
}

run "the service stops in the middle of a line" {
  site = "example"
  result "check.smtp" {
    connected     = true
    refused       = false
    timed_out     = true
    answered_here = null
    is_smtp       = false
    code          = null
    greeting      = "220 mail.exa"
    masked        = null
    expects_tls   = false
    provoked      = null
    dialogue      = null
    closed_early  = false
    local_error   = null
    icmp          = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_no_greeting"
    explain    = "…but stops in the middle of its greeting…"
  }
}

run "a line that does not end is no greeting" {
  site = "example"
  result "check.smtp" {
    connected     = true
    refused       = false
    timed_out     = false
    answered_here = null
    is_smtp       = false
    code          = null
    greeting      = "220 xxxxxxxx…"
    masked        = null
    expects_tls   = false
    provoked      = null
    dialogue      = null
    closed_early  = false
    local_error   = null
    icmp          = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "not_smtp"
  }
}

run "a mail server turns an early talker away" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = true
    address           = "198.51.100.25"
    answered_here     = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = "554 5.7.1 pregreet"
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_no_greeting"
    explain    = "mail.example.com takes the connection on port 25 but says nothing by itself. Spoken to in TLS before it has greeted, it answers \"554 5.7.1 pregreet\", as a mail server does that turns early talkers away: its mail service hangs, is overloaded or lets everybody wait for longer on purpose."
    remedy     = "Look at the mail service on mail.example.com: is it stopped, out of processes, or waiting for a look-up?"
  }
}

run "a mail server answers an early talker in several lines" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = true
    address           = "198.51.100.25"
    answered_here     = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = "421-busy\\n421 bye"
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_no_greeting"
    explain    = "…it answers \"421-busy…"
    remedy     = "Look at the mail service on mail.example.com: is it stopped, out of processes, or waiting for a look-up?"
  }
}

run "a mail server answers an early talker with a code alone" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = true
    address           = "198.51.100.25"
    answered_here     = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = "500"
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_no_greeting"
    explain    = "…it answers \"500\", as…"
    remedy     = "Look at the mail service on mail.example.com: is it stopped, out of processes, or waiting for a look-up?"
  }
}

run "what an early talker hears only begins like a code" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = true
    address           = "198.51.100.25"
    answered_here     = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = "5540 pregreet"
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "not_smtp"
    explain    = "…It said: 5540 pregreet"
    remedy     = "Check smtp_port and the address; on mail.example.com, find out which service took the port."
  }
}

run "what an early talker hears has no code of SMTP" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = true
    address           = "198.51.100.25"
    answered_here     = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = "100 continue"
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "not_smtp"
    explain    = "…It said: 100 continue"
    remedy     = "Check smtp_port and the address; on mail.example.com, find out which service took the port."
  }
}

run "what an early talker hears has its code elsewhere" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = true
    address           = "198.51.100.25"
    answered_here     = null
    is_smtp           = false
    code              = null
    greeting          = null
    greeting_name     = null
    greeting_relation = null
    masked            = null
    expects_tls       = false
    provoked          = "HTTP/1.1 400 Bad Request 554 no"
    dialogue          = null
    ehlo_reply        = null
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "not_smtp"
    explain    = "…It said: HTTP/1.1 400 Bad Request 554 no"
    remedy     = "Check smtp_port and the address; on mail.example.com, find out which service took the port."
  }
}

run "the answer to EHLO takes ten seconds" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 mail.example.com ESMTP"
    greeting_ms       = 40
    ehlo_ms           = 10000
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
    cause      = "smtp_slow_greeting"
    explain    = "mail.example.com answers EHLO after 10000 ms. Some mail servers wait…"
    remedy     = "Ask whoever runs mail.example.com whether the delay is meant. If it is not, look at its load and at its DNS (reverse look-ups)."
  }
}
