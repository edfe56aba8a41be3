# Who greets on mail.example.com, 198.51.100.25.

run "another host greets" {
  site = "example"
  result "check.smtp" {
    connected          = true
    refused            = false
    timed_out          = false
    address            = "198.51.100.25"
    attempts           = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here      = null
    answered_nearer    = false
    icmp_origin        = null
    is_smtp            = true
    code               = 220
    greeting           = "220 mx1.carrier.example ESMTP"
    greeting_ms        = 40
    greeting_name      = "mx1.carrier.example"
    greeting_relation  = "elsewhere"
    masked             = null
    expects_tls        = false
    provoked           = null
    dialogue           = "completed"
    ehlo_reply         = "250 mail.example.com"
    closed_early       = false
    local_error        = null
    icmp               = null
    greeting_addresses = ["203.0.113.66"]
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_wrong_host"
    explain    = "Who greets on mail.example.com (198.51.100.25) port 25 calls itself mx1.carrier.example, which is another host (203.0.113.66): mail may be redirected…"
  }
}

run "a name greets that the DNS does not know" {
  site = "example"
  result "check.smtp" {
    connected          = true
    refused            = false
    timed_out          = false
    address            = "198.51.100.25"
    attempts           = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here      = null
    answered_nearer    = false
    icmp_origin        = null
    is_smtp            = true
    code               = 220
    greeting           = "220 mx1.carrier.example ESMTP"
    greeting_ms        = 40
    greeting_name      = "mx1.carrier.example"
    greeting_relation  = "unknown_name"
    masked             = null
    expects_tls        = false
    provoked           = null
    dialogue           = "completed"
    ehlo_reply         = "250 mail.example.com"
    closed_early       = false
    local_error        = null
    icmp               = null
    greeting_addresses = []
  }
  expect {
    verdict    = "warn"
    root_cause = check.smtp
    cause      = "smtp_wrong_host"
    explain    = "…which is of another domain, and no DNS server here gives it an address: mail may…"
  }
}

run "a name greets that the DNS says nothing about" {
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
    greeting          = "220 mx1.carrier.example ESMTP"
    greeting_ms       = 40
    greeting_name     = "mx1.carrier.example"
    greeting_relation = "unresolved"
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
    cause      = "smtp_wrong_host"
  }
}

run "a name greets that the DNS does not know, from nearer than the host" {
  site = "example"
  result "check.smtp" {
    connected          = true
    refused            = false
    timed_out          = false
    address            = "198.51.100.25"
    attempts           = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here      = null
    answered_nearer    = true
    icmp_origin        = null
    is_smtp            = true
    code               = 220
    greeting           = "220 mx1.carrier.example ESMTP"
    greeting_ms        = 40
    greeting_name      = "mx1.carrier.example"
    greeting_relation  = "unknown_name"
    masked             = null
    expects_tls        = false
    provoked           = null
    dialogue           = "completed"
    ehlo_reply         = "250 mail.example.com"
    closed_early       = false
    local_error        = null
    icmp               = null
    greeting_addresses = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_wrong_host"
    explain    = "…gives it an address, and answers nearer than pings to that address are answered: mail may…"
  }
}

run "a name greets that has the mail host's address" {
  site = "example"
  result "check.smtp" {
    connected          = true
    refused            = false
    timed_out          = false
    address            = "198.51.100.25"
    attempts           = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here      = null
    answered_nearer    = false
    icmp_origin        = null
    is_smtp            = true
    code               = 220
    greeting           = "220 mx1.carrier.example ESMTP"
    greeting_ms        = 40
    greeting_name      = "mx1.carrier.example"
    greeting_relation  = "address"
    masked             = null
    expects_tls        = false
    provoked           = null
    dialogue           = "completed"
    ehlo_reply         = "250 mail.example.com"
    closed_early       = false
    local_error        = null
    icmp               = null
    greeting_addresses = ["198.51.100.25"]
  }
  expect {
    verdict = "pass"
    status  = { smtp = "pass" }
  }
}

run "a greeting without a name" {
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
    greeting          = "220"
    greeting_ms       = 40
    greeting_name     = null
    greeting_relation = null
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

run "the greeting is the planned one" {
  site = "example"
  vars = { mail_greeting = "MX1.carrier.example" }
  result "check.smtp" {
    connected          = true
    refused            = false
    timed_out          = false
    address            = "198.51.100.25"
    attempts           = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here      = null
    answered_nearer    = false
    icmp_origin        = null
    is_smtp            = true
    code               = 220
    greeting           = "220 mx1.carrier.example ESMTP"
    greeting_ms        = 40
    greeting_name      = "mx1.carrier.example"
    greeting_relation  = "elsewhere"
    masked             = null
    expects_tls        = false
    provoked           = null
    dialogue           = "completed"
    ehlo_reply         = "250 mail.example.com"
    closed_early       = false
    local_error        = null
    icmp               = null
    greeting_addresses = ["203.0.113.66"]
  }
  expect {
    verdict = "pass"
    status  = { smtp = "pass" }
  }
}

run "the greeting is not the planned one" {
  site = "example"
  vars = { mail_greeting = "relay.example.com" }
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
    dialogue          = "completed"
    ehlo_reply        = "250 mail.example.com"
    closed_early      = false
    local_error       = null
    icmp              = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_wrong_host"
    explain    = "…calls itself mail.example.com, not relay.example.com: mail may…"
  }
}

run "the greeting has no name where one is planned" {
  site = "example"
  vars = { mail_greeting = "relay.example.com" }
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
    greeting          = "220 ready"
    greeting_ms       = 40
    greeting_name     = null
    greeting_relation = null
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
    cause      = "smtp_wrong_host"
    explain    = "…gives no name, not relay.example.com…"
  }
}

run "another host refuses the service" {
  site = "example"
  result "check.smtp" {
    connected          = true
    refused            = false
    timed_out          = false
    address            = "198.51.100.25"
    attempts           = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here      = null
    answered_nearer    = false
    icmp_origin        = null
    is_smtp            = true
    code               = 554
    greeting           = "554 mx1.carrier.example no"
    greeting_ms        = 40
    greeting_name      = "mx1.carrier.example"
    greeting_relation  = "elsewhere"
    masked             = null
    expects_tls        = false
    provoked           = null
    dialogue           = null
    ehlo_reply         = null
    closed_early       = false
    local_error        = null
    icmp               = null
    greeting_addresses = ["203.0.113.66"]
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_wrong_host"
  }
}

run "the planned host refuses the service without a name" {
  site = "example"
  vars = { mail_greeting = "mail.example.com" }
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
    code              = 554
    greeting          = "554 no"
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
    cause      = "smtp_refuses_service"
  }
}

run "this computer answers by a redirect" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = "own_socket"
    answered_nearer   = false
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 filter"
    greeting_ms       = 40
    greeting_name     = "filter"
    greeting_relation = null
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
    cause      = "smtp_local_redirect"
    explain    = "This computer itself answers connections to mail.example.com (198.51.100.25) port 25…"
  }
}

run "a filter on this computer shows the host's greeting" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = "own_socket"
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
    cause      = "smtp_local_redirect"
  }
}

run "the name leads to this computer" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = "own_address"
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
    cause      = "smtp_local_redirect"
  }
}

run "the name leads to this computer, where nothing listens" {
  site = "example"
  result "check.smtp" {
    connected     = false
    refused       = true
    timed_out     = false
    address       = "198.51.100.25"
    answered_here = "own_address"
    icmp_origin   = null
    code          = null
    local_error   = null
    icmp          = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.smtp
    cause      = "smtp_local_redirect"
    explain    = "This computer itself refuses connections…"
  }
}

run "the planned host closes the connection" {
  site = "example"
  vars = { mail_greeting = "mail.example.com" }
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
  }
}

run "a greeting without a name comes from nearer than the host" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = true
    nearer_hop        = 1
    nearer_router     = "192.0.2.1"
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 ESMTP ready"
    greeting_ms       = 12000
    greeting_name     = null
    greeting_relation = null
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
    cause      = "smtp_answered_nearer"
    explain    = "Who greets on mail.example.com (198.51.100.25) port 25 with \"220 ESMTP ready\" answers at hop 1, where 192.0.2.1 stands, while pings to that address go further: a proxy, filter, load balancer or redirect takes the connections there. Nothing in the greeting shows it to be mail.example.com, whose own mail service may be dead."
    remedy     = "Ask whoever runs the computer at hop 1 (192.0.2.1) whether it is meant to take port 25. If not, have the redirect deleted; if so, see whether the mail service on mail.example.com runs."
  }
}

run "a private name greets from nearer than the host" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = true
    nearer_hop        = 2
    nearer_router     = null
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 filter.corp.local ESMTP"
    greeting_ms       = 40
    greeting_name     = "filter.corp.local"
    greeting_relation = null
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
    cause      = "smtp_answered_nearer"
    explain    = "…with \"220 filter.corp.local ESMTP\" answers at hop 2, while pings…"
    remedy     = "Ask whoever runs the computer at hop 2 whether it is meant to take port 25. If not, have the redirect deleted; if so, see whether the mail service on mail.example.com runs, and set mail_greeting to filter.corp.local in the profile."
  }
}

run "the planned name greets from nearer than the host" {
  site = "example"
  vars = { mail_greeting = "Filter.corp.local" }
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = true
    nearer_hop        = 2
    nearer_router     = "203.0.113.1"
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 filter.corp.local ESMTP"
    greeting_ms       = 40
    greeting_name     = "filter.corp.local"
    greeting_relation = null
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

run "the planned name greets late and from nearer than the host" {
  site = "example"
  vars = { mail_greeting = "filter.corp.local" }
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = true
    nearer_hop        = 2
    nearer_router     = "203.0.113.1"
    icmp_origin       = null
    is_smtp           = true
    code              = 220
    greeting          = "220 filter.corp.local ESMTP"
    greeting_ms       = 12000
    greeting_name     = "filter.corp.local"
    greeting_relation = null
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
  }
}

run "what comes from nearer than the host is no greeting" {
  site = "example"
  result "check.smtp" {
    connected         = true
    refused           = false
    timed_out         = false
    address           = "198.51.100.25"
    attempts          = [{ address = "198.51.100.25", connected = true, refused = false, timed_out = false, local_error = null, icmp = null }]
    answered_here     = null
    answered_nearer   = true
    nearer_hop        = 2
    nearer_router     = "203.0.113.1"
    icmp_origin       = null
    is_smtp           = true
    code              = 250
    greeting          = "250 OK"
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
    cause      = null
    explain    = "The TCP layer to mail.example.com does not work: port 25 gives no 220 greeting."
  }
}
