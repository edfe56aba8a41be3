check "path_mtu" {
  title       = "Large packets get through"
  description = "Small packets that pass while large ones vanish without a word make mail hang in the middle of a message."
  layer       = "ip"
  depends_on  = [check.remote_subnet]
  target      = var.remote_host
  # A greeting may be waited for, twice.
  timeout = "25s"
  # Without answers to pings it takes a mail service to measure.
  when = check.remote_subnet.result.received > 0 || fact.remote_tcp.connected

  probe "mtu" {
    largest = 9216
    port    = var.smtp_port
    # What mail meets counts: a host may turn away large pings alone, and the
    # two ends may agree on segments that avoid the hole.
    method = check.remote_subnet.result.received > 0 ? "auto" : "tcp"
  }

  pass    = result.black_hole != true
  explain = "Large packets to ${target} vanish."
  remedy  = "Find the filter that drops ICMP \"fragmentation needed\" or \"packet too big\" on the way and open it. Until then give this computer's adapter a smaller MTU."

  cause "mtu_black_hole" {
    # linecheck:never-false result.black_hole: else the check had passed
    when     = result.black_hole
    severity = result.recovers || result.measured_by == "icmp" ? "warn" : "fail"
    explain  = "${result.direction == "back" ? "Large packets from ${target} to this computer vanish" : "Packets of up to ${result.mtu} bytes reach ${target}; larger ones vanish"} without the \"too big\" message that would make ${result.direction == "back" ? target : "this computer"} send smaller ones. ${result.recovers ? "Mail hangs for some seconds, until this computer tries smaller ones by itself." : result.measured_by == "icmp" ? "That was seen with pings alone, since no mail service on port ${var.smtp_port} of ${target} was there to try it with TCP: mail would hang, unless it is only a filter for large pings." : result.direction == "back" ? "Connections come about; then long replies, a certificate say, never arrive." : "Mail connects, then hangs."}"
    remedy   = "Find the filter that drops ICMP \"fragmentation needed\" or \"packet too big\" on the way and open it. Until then ${result.mtu == null ? "give this computer's adapter a smaller MTU (1280 is what every link should carry)" : "set the adapter's MTU to ${result.mtu}"}."
  }
}
