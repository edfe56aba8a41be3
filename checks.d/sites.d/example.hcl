# Copy this file, give the site its name and its addresses, and run
#   linecheck run --site NAME
# Any value that is left out is discovered, or its step is skipped and says so.
site "example" {
  title = "Example branch"

  vars = {
    subnet_host     = "192.0.2.20"       # a computer on the mail gateway's own subnet
    default_gateway = "192.0.2.1"        # that subnet's router
    remote_host     = "198.51.100.25"    # the mail host's address
    mail_host       = "mail.example.com" # its name
    mail_address    = "198.51.100.25"    # what the name must lead to
  }
}
