runbook "mail-line" {
  title       = "Mail gateway to mail host"
  version     = "1.0.0"
  description = "Climbs from this computer's own network to the greeting of the mail host, one step at a time, and names the first one that gives way. The steps are those of Microsoft's article Q115492."
  license     = "Apache-2.0"
}

variable "subnet_host" {
  type        = string
  default     = null
  description = "Address of another computer on this computer's own subnet that is always switched on. Not the router: that is default_gateway."
  validation {
    condition     = can(sameip(var.subnet_host, var.subnet_host))
    error_message = "subnet_host must be an IP address: names are tested by a later step."
  }
}

variable "default_gateway" {
  type        = string
  default     = null
  description = "Address of this subnet's router, as the site's plan has it. Left out, the routing table's is used. A link-local one may name its adapter (fe80::1%eth0) or leave it out."
  validation {
    condition     = can(sameip(var.default_gateway, var.default_gateway))
    error_message = "default_gateway must be an IP address."
  }
}

variable "adapter" {
  type        = string
  default     = null
  description = "Name of the network adapter that leads to the mail host (eth0). Left out, the one next to subnet_host and default_gateway is meant, else the one that the routes lead to."
}

variable "remote_host" {
  type        = string
  default     = null
  description = "Address of a computer behind the router, best the mail host's own."
  validation {
    condition     = var.remote_host == null || can(cidrhost("${var.remote_host}/32", 0))
    error_message = "remote_host must be an IP address: names are tested by a later step."
  }
}

variable "mail_host" {
  type        = string
  default     = null
  description = "Name of the mail host, as the mail gateway's own configuration has it: the brackets and the port of a relay, [mail.corp.example]:25, may stay."
  validation {
    condition     = var.mail_host == null || can(regex("^[0-9A-Za-z_-]+([.][0-9A-Za-z_-]+)*$", var.mail_host)) || can(sameip(trimspace(var.mail_host), trimspace(var.mail_host))) || can(regex("^(?i)(?:(?:smtp://)?[0-9a-z_-]+(?:[.][0-9a-z_-]+)*[.]?|(?:(?:e?smtp|relay):(?://)?)?\\[(?:[0-9a-z_-]+(?:[.][0-9a-z_-]+)*[.]?|(?:ipv6:)?[0-9a-f:.]+(?:%[0-9a-z_.-]+)?)\\])(?::[0-9]{1,5})?/?$", trimspace(var.mail_host)))
    error_message = "mail_host must be the name or the address of one computer, such as mail.corp.example: no mail address, no MX record, no list of several, and an international name in its xn-- form."
  }
  validation {
    condition     = !strcontains(coalesce(var.mail_host, "none"), ":") || try(tonumber(one(regex("(?:\\]|^[^:]+|^smtp://[^:/]+):([0-9]+)/?$", lower(trimspace(var.mail_host))))), var.smtp_port) == var.smtp_port
    error_message = "mail_host names another port than smtp_port: leave the port out there, and write the one that the mail host listens on into smtp_port."
  }
}

locals {
  # People copy mail_host from a mail server's configuration: "mail.corp.example:25",
  # "[mail.corp.example]:25", "[IPv6:2001:db8::25]", "smtp:[mail.corp.example]".
  mail_text = var.mail_host == null ? null : trimspace(var.mail_host)
  mail_host = can(sameip(local.mail_text, local.mail_text)) ? local.mail_text : try(one(regex("\\[(?i:ipv6:)?(.+)\\]", local.mail_text)), one(regex("^(?i:smtp://)?([^:/]+)", local.mail_text)), null)
  # An address needs no DNS.
  mail_host_is_address = try(sameip(local.mail_host, local.mail_host), false)
  # A name with a dot is meant as it stands, not as the beginning of a longer one.
  mail_host_is_full = can(regex("[^.][.][^.]", local.mail_host))
  # What no other computer can have for an address: this network's, loopback, multicast.
  nowhere              = ["0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3", "::/127", "ff00::/8"]
  mail_address_is_ipv6 = var.mail_address == null ? false : strcontains(var.mail_address, ":")
}

variable "mail_address" {
  type        = string
  default     = null
  description = "Address that the mail host's name must have. Left out, any address will do."
  validation {
    condition     = var.mail_address == null || can(cidrhost("${var.mail_address}/32", 0))
    error_message = "mail_address must be an IP address."
  }
}

variable "mail_greeting" {
  type        = string
  default     = null
  description = "Name with which the mail host greets, where it is another than mail_host. Left out, a name of the same domain or with the same address will do."
  validation {
    condition     = var.mail_greeting == null || can(regex("^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*$", var.mail_greeting))
    error_message = "mail_greeting must be a host name."
  }
}

variable "smtp_port" {
  type        = number
  default     = 25
  nullable    = false
  description = "TCP port on which the mail host takes mail."
  validation {
    condition     = var.smtp_port >= 1 && var.smtp_port <= 65535 && floor(var.smtp_port) == var.smtp_port
    error_message = "smtp_port must be a whole number from 1 to 65535."
  }
}

variable "max_rtt_ms" {
  type        = number
  default     = null
  description = "Milliseconds that an answer from the remote subnet may take on average before it is called slow. Left out, nothing is."
  validation {
    condition     = var.max_rtt_ms == null ? true : var.max_rtt_ms > 0
    error_message = "max_rtt_ms must be more than 0."
  }
}

variable "dns_servers" {
  type        = list(string)
  default     = null
  description = "Addresses of the DNS servers to ask. Left out, the system's are asked."
  validation {
    condition     = var.dns_servers == null ? true : alltrue([for s in var.dns_servers : can(cidrhost("${s}/32", 0))])
    error_message = "dns_servers must be IP addresses."
  }
}

variable "smtp_log" {
  type        = string
  default     = null
  description = "Log file of this mail gateway's SMTP dialogues, in which the host's 220 greeting must be found. Only with full logging."
}

variable "smtp_log_max_age_h" {
  type        = number
  default     = 168
  description = "Hours since smtp_log was last written after which the greeting in it is called old: a week, unless a site knows better. null: never."
  validation {
    condition     = var.smtp_log_max_age_h == null ? true : var.smtp_log_max_age_h > 0
    error_message = "smtp_log_max_age_h must be more than 0."
  }
}
