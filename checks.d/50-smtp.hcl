check "smtp" {
  title       = "The mail server greets with 220"
  description = "A connection to the mail host's SMTP port, its greeting read, and a polite QUIT: nothing is sent through it."
  layer       = "tcp"
  depends_on  = [check.dns]
  target      = var.mail_host
  timeout     = "30s" # look-up, connection and greeting, each as slow as may be

  probe "smtp" { port = var.smtp_port }

  pass    = result.code == 220
  explain = "The TCP layer to ${target} does not work: port ${var.smtp_port} gives no 220 greeting."
  remedy  = "Look whether the mail service on ${target} runs and is allowed to be reached from here."

  cause "local_filter" {
    when    = result.local_error == "filtered"
    explain = "This computer's own firewall does not let connections to ${target} port ${var.smtp_port} out."
    remedy  = "Look for an outgoing rule that drops them (nft list ruleset)."
  }
  cause "smtp_prohibited" {
    when    = !result.connected && result.icmp.sender != null
    explain = "${result.icmp.sender} turns connections to ${target} port ${var.smtp_port} away (ICMP ${result.icmp.name}): a firewall, not the mail service."
    remedy  = "Ask whoever runs ${result.icmp.sender} to let this computer reach ${target} on TCP port ${var.smtp_port}."
  }
  cause "smtp_refused" {
    when    = result.refused
    explain = "${target} (${result.address}) itself refuses connections to port ${var.smtp_port}: its mail service is not running, or listens elsewhere."
    remedy  = "Start the mail service on ${target}, and check that it listens on port ${var.smtp_port} of ${result.address}."
  }
  cause "smtp_filtered" {
    when    = !result.connected && result.timed_out
    explain = "Connections to ${target} (${result.address}) port ${var.smtp_port} vanish without an answer, while its subnet can be reached: a firewall on the way, or on ${target}, drops them or their answers."
    remedy  = "Have the firewalls between looked at for TCP port ${var.smtp_port}, in both directions."
  }
  cause "smtp_not_ready" {
    when    = result.code != null && result.code >= 400 && result.code < 500
    explain = "${target} answers \"${result.greeting}\": its mail service is not ready now, and asks to come back later."
    remedy  = "Look at the mail service's log on ${target}: load, disk space, or a limit on connections from here."
  }
  cause "smtp_refuses_service" {
    when    = result.code != null && result.code >= 500 && result.code < 600
    explain = "${target} answers \"${result.greeting}\": its mail service will not serve this computer."
    remedy  = "Ask whoever runs ${target} to allow this mail gateway (access list, block list, reverse DNS)."
  }
  cause "smtp_no_greeting" {
    when    = result.connected && (result.greeting == null || (!result.is_smtp && result.timed_out && can(regex("^[2-5][0-9][0-9]-", result.greeting))))
    explain = "${target} takes the connection on port ${var.smtp_port} ${result.closed_early ? "and closes it without a word: its mail service turns this computer away, or breaks as it starts" : "but ${result.greeting == null ? "says nothing" : "stops in the middle of its greeting"}: its mail service hangs, is overloaded, or a filter lets only the connection's first packets through"}."
    remedy  = "Look at the mail service on ${target}: is it stopped, out of processes, or waiting for a look-up?"
  }
  cause "not_smtp" {
    when    = result.connected && !result.is_smtp
    explain = "Something listens on ${target} port ${var.smtp_port}, but it does not speak SMTP. It said: ${result.greeting}"
    remedy  = "Check smtp_port and the address; on ${target}, find out which service took the port."
  }
}

check "smtp_log" {
  title       = "The greeting is in this computer's log"
  description = "With full logging the mail gateway writes the host's greeting down whenever it delivers."
  layer       = "log"
  depends_on  = [check.smtp]
  target      = var.smtp_log

  probe "log" { pattern = "\\b220[ -]" }

  pass    = result.found && result.matched
  explain = "There is no log file ${target} on this computer."
  remedy  = "Correct smtp_log in the profile, or switch the mail gateway's logging on."

  cause "greeting_not_logged" {
    when    = result.found
    explain = "The log file ${target} holds no 220 greeting in its last part: the mail gateway has not reached a mail host lately, or does not log in full."
    remedy  = "Switch full logging on, send a test message, then look again. If the greeting is still missing, look at the mail gateway's queue."
  }
}
