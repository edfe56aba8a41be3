# Checks of our own, laid over the runbook that linecheck brings along. They may
# refer to its checks, facts and variables, and it is not changed by them. To
# change one of its checks, write what is to be different into a file that is
# called override.hcl.

# A value that a site gives. With null as default it is optional.
variable "submission_host" {
  type        = string
  default     = null
  description = "Name or address of the computer to which users hand in their mail. Left out, that is not tested."
}

check "submission" {
  # What holds when it passes.
  title       = "Users can hand in their mail"
  description = "A connection to the submission port, 587. Nothing is sent through it."

  # The report says of each layer whether it works.
  layer = "tcp"

  # These must not have failed, else this check is blocked and not tried.
  depends_on = [check.dns]

  # Whom to ask. Null: the check is skipped, and names the variable to set.
  target = var.submission_host

  # What to do. "linecheck explain probe.tcp" says what it takes and observes.
  probe "tcp" { port = 587 }

  # Whether that is well.
  pass = result.connected

  # What it means if not, unless one of the causes below holds.
  explain = "${target} takes no connections on port 587: users can't hand in their mail."
  remedy  = "Look whether the submission service on ${target} runs, and for a filter on the way."

  # Consulted from top to bottom. The first whose condition holds is the answer;
  # what was not observed accuses nobody.
  cause "submission_refused" {
    when    = result.refused && result.icmp.code == null
    explain = "${target} (${result.address}) itself refuses connections to port 587: its submission service is not running."
    remedy  = "Start the submission service on ${target}."
  }
}
