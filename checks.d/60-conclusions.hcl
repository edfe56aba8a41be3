# What only both ends together can tell. The gateway's vantage looks up the line
# to the mail host, the host's vantage down the line to the gateway. A lost ping
# does not say in which direction it was lost. A router that reports why it did
# not send on speaks for the direction that it was asked in; the silence at the
# other end is then only that of answers which would take the same way.

conclusion "one_way_out" {
  when = (
    (try(contains(["no_route_to_remote", "path_prohibited", "routing_loop", "no_default_route", "local_route_blocks", "local_filter"], vantage.gateway.check.remote_subnet.cause), false)
    || try(contains(["no_default_route", "gateway_address_wrong"], vantage.gateway.check.default_gateway.cause), false))
    && try(contains(["path_broken", "gateway_not_forwarding"], vantage.host.check.remote_subnet.cause), false)
    ) || (
    # What one end begins is answered, what the other begins is not.
    vantage.gateway.check.remote_subnet.status == "fail" && vantage.host.check.remote_subnet.passed
  )
  explain = "Only the way out is broken, from the mail gateway to the mail host. Nothing speaks against the way back: if the host's own pings fail as well, it is for want of answers, which would have to take the way out."
  remedy  = "Put right what the gateway's side names below, then look from both ends again. If the host's side passes, look for a firewall that lets only the host begin."
}

conclusion "one_way_back" {
  when = (
    (try(contains(["no_route_to_remote", "path_prohibited", "routing_loop", "no_default_route", "local_route_blocks", "local_filter"], vantage.host.check.remote_subnet.cause), false)
    || try(contains(["no_default_route", "gateway_address_wrong"], vantage.host.check.default_gateway.cause), false))
    && try(contains(["path_broken", "gateway_not_forwarding"], vantage.gateway.check.remote_subnet.cause), false)
    ) || (
    vantage.host.check.remote_subnet.status == "fail" && vantage.gateway.check.remote_subnet.passed
  )
  explain = "Only the way back is broken, from the mail host to the mail gateway. Nothing speaks against the way out: if the gateway's own pings fail as well, it is for want of answers, which would have to take the way back."
  remedy  = "Put right what the host's side names below: often the host, or a router, lacks the route back to the gateway's subnet. Then look from both ends again. If the gateway's side passes, look for a firewall that lets only the gateway begin."
}

conclusion "both_ways_broken_at_same_hop" {
  when = (
    try(contains(["no_route_to_remote", "path_prohibited", "routing_loop", "no_default_route", "local_route_blocks", "local_filter", "remote_host_down"], vantage.gateway.check.remote_subnet.cause), false)
    && try(contains(["no_route_to_remote", "path_prohibited", "routing_loop", "no_default_route", "local_route_blocks", "local_filter", "remote_host_down"], vantage.host.check.remote_subnet.cause), false)
  )
  explain = "Both ways are broken, while each end reaches its own router: the gateway and the host are both told that packets to the other can't be sent on. Most likely one fault explains both: a link or router between the two that report it is down."
  remedy  = "Look at the stretch between the router that the gateway's side names below and the one that the host's side names, before looking at either end: one repair there should mend both ways."
}

conclusion "line_broken_between" {
  # An answer needs both ways, so that silence at both ends may be one way's.
  when = (
    try(contains(["path_broken", "gateway_not_forwarding"], vantage.gateway.check.remote_subnet.cause), false)
    && try(contains(["path_broken", "gateway_not_forwarding"], vantage.host.check.remote_subnet.cause), false)
  )
  explain = "Neither end gets an answer from the other, while each reaches its own router, and no router says why. One fault is enough for that, even in one direction only. It lies between the last router that answers the gateway and the last that answers the host."
  remedy  = "Look at the stretch where the two findings below meet. To learn the direction, look from one end at a time, a minute apart (--from gateway here, --from host there): routers report few errors, and two ends that look at once take them from one another."
}

conclusion "gateway_not_running" {
  when    = vantage.host.check.smtp.cause == "smtp_refused"
  explain = "The mail gateway is not running: its computer (${vantage.host.check.smtp.result.address}) itself refuses the host's connection, since nothing listens there. The network is not at fault: it carried the refusal back."
  remedy  = "Start the mail gateway's service. Until it runs, the way down to it can't be tested any further."
}

conclusion "only_mail_blocked" {
  when = (
    vantage.gateway.check.remote_subnet.passed && vantage.host.check.remote_subnet.passed
    && (try(contains(["smtp_filtered", "smtp_prohibited"], vantage.gateway.check.smtp.cause), false)
    || try(contains(["smtp_filtered", "smtp_prohibited"], vantage.host.check.smtp.cause), false))
  )
  explain = "The line between the two ends works, and only mail is kept off it: a firewall or the carrier drops or refuses the mail port. Seen from the gateway the mail step says ${vantage.gateway.check.smtp.status}, seen from the host ${vantage.host.check.smtp.status}."
  remedy  = "Ask whoever runs the firewalls between, and the carrier, to open the mail port in the direction that fails."
}
