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
  description = "Name of the mail host, as the mail gateway's own configuration has it."
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
