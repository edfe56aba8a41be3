# What conclusions read of the computers at both ends, beside what the checks
# saw. It is gathered only where a site is looked at from several computers, when
# all checks are done, and nothing of it leaves the computer that is asked.

# Which addresses a computer has, and on which of them it takes connections.
fact "own_listeners" {
  probe "listener" {}
}

# Whether mail would be taken at the address that this computer sends from: a
# service in a container, say, has its socket elsewhere.
fact "own_service" {
  target  = fact.way_out.source
  timeout = "4s"
  probe "tcp" { port = var.smtp_port }
}
