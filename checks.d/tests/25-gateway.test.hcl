# The default gateway, 192.0.2.1.

run "the gateway is switched off" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.gateway_neighbour" {
    state     = "failed"
    reachable = false
  }
  result "fact.beyond" { received = 0 }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_down"
    explain    = "The gateway 192.0.2.1 does not even answer for its hardware address…"
    status     = { local_subnet = "pass", remote_subnet = "blocked", path_mtu = "blocked", dns = "blocked", smtp = "blocked" }
  }
}

run "there is no way out" {
  site = "example"
  result "fact.way_out" {
    found    = false
    kind     = null
    on_link  = false
    gateway  = null
    gateways = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "no_default_route"
    explain    = "…neither a default route nor one of its own to 198.51.100.25."
    remedy     = "…ip route add default via 192.0.2.1…"
  }
}

run "the routing table names another gateway" {
  site = "example"
  result "fact.planned_router" { mac = "02:00:00:00:00:01" }
  result "fact.routes_router" { mac = "02:00:00:00:00:fe" }
  result "fact.way_out" {
    found    = true
    kind     = "unicast"
    on_link  = false
    gateway  = "192.0.2.254"
    gateways = ["192.0.2.254"]
    prefix   = "0.0.0.0/0"
    table    = 254
  }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_address_wrong"
    explain    = "This computer sends through 192.0.2.254 (table main, entry 0.0.0.0/0); the site's gateway is 192.0.2.1."
  }
}

run "a policy route leads elsewhere" {
  site = "example"
  result "fact.planned_router" { mac = "02:00:00:00:00:01" }
  result "fact.routes_router" { mac = "02:00:00:00:00:fe" }
  result "fact.way_out" {
    found    = true
    kind     = "unicast"
    on_link  = false
    gateway  = "192.0.2.254"
    gateways = ["192.0.2.254"]
    prefix   = "198.51.100.0/24"
    table    = 100
  }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_address_wrong"
    explain    = "…(table 100, entry 198.51.100.0/24)…"
  }
}

run "this computer's firewall keeps pings to the gateway in" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = "filtered"
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "local_filter"
    explain    = "This computer's own firewall does not let pings to 192.0.2.1 out."
  }
}

run "pings to the gateway are lost now and then" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 1
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 19
    loss_pct = 5
  }
  result "fact.gateway_through" { loss_pct = 10 }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "packet_loss"
    explain    = "Of 20 pings to the gateway 192.0.2.1, 5 % were lost (of 3 before them 1 came back)."
    status     = { remote_subnet = "pass" }
  }
}

run "one lost ping to the gateway is no reason to warn" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 2
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 20
    loss_pct = 0
  }
  result "fact.gateway_through" { loss_pct = 10 }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "the gateway ignores pings, and the remote host answers" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.beyond" { received = 2 }
  result "fact.beyond_tcp" { connected = false }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "gateway_filters_ping"
    explain    = "The gateway 192.0.2.1 forwards traffic…does not answer pings itself…"
    status     = { remote_subnet = "pass", smtp = "pass" }
  }
}

run "the gateway ignores pings, and the mail port behind it is open" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.beyond" {
    received = 0
    icmp     = null
  }
  result "fact.beyond_tcp" {
    connected = true
    refused   = false
  }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "gateway_filters_ping"
  }
}

run "the gateway ignores pings, and the remote host refuses connections itself" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.beyond" {
    received = 0
    icmp     = null
  }
  result "fact.beyond_tcp" {
    connected = false
    refused   = true
    icmp      = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "gateway_filters_ping"
  }
}

run "the gateway ignores pings, and a router behind it sends an error" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.beyond" {
    received = 0
    icmp     = { sender = "203.0.113.1", name = "host_unreachable", code = 1, type = 3 }
  }
  result "fact.beyond_tcp" {
    connected = false
    refused   = false
    icmp      = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "gateway_filters_ping"
    status     = { remote_subnet = "pass" }
  }
}

run "the gateway is there and nothing is heard of it or from behind it" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.beyond" {
    received = 0
    icmp     = null
  }
  result "fact.beyond_tcp" {
    connected = false
    refused   = false
    timed_out = true
    icmp      = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_silent"
    explain    = "The gateway 192.0.2.1 is there (it answers for its hardware address 02:00:00:00:00:01)…"
    status     = { remote_subnet = "blocked" }
  }
}

run "the gateway itself turns everything away" {
  description = "An error or a refusal that the gateway sends in the remote host's place is no sign that it forwards."
  site        = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.beyond" {
    received = 0
    icmp     = { sender = "192.0.2.1", name = "admin_prohibited", code = 13, type = 3 }
  }
  result "fact.beyond_tcp" {
    connected = false
    refused   = true
    icmp      = { sender = "192.0.2.1", name = "port_unreachable", code = 3, type = 3 }
  }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_silent"
  }
}

run "a fixed entry has the wrong hardware address" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.gateway_neighbour" {
    state        = "permanent"
    reachable    = false
    mac          = "02:00:00:00:00:99"
    answered_mac = "02:00:00:00:00:01"
  }
  result "fact.beyond" {
    received = 0
    icmp     = null
  }
  result "fact.beyond_tcp" {
    connected = false
    refused   = false
    timed_out = true
    icmp      = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_neighbour_wrong"
    explain    = "A fixed entry on this computer…02:00:00:00:00:99, and no ping that is sent there is answered."
    remedy     = "Compare it with the router's own. If they differ, delete the entry (ip neigh del 192.0.2.1 dev eth0)…If it is right, leave it…"
  }
}

run "a fixed entry for a gateway that is switched off" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.gateway_neighbour" {
    state        = "permanent"
    reachable    = false
    mac          = "02:00:00:00:00:01"
    answered_mac = null
  }
  result "fact.beyond" {
    received = 0
    icmp     = null
  }
  result "fact.beyond_tcp" {
    connected = false
    refused   = false
    timed_out = true
    icmp      = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_down"
  }
}

run "the discovered gateway is switched off" {
  description = "Without a value for default_gateway the routing table's is tried, and can't be called wrong."
  site        = "example"
  vars        = { default_gateway = null }
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.gateway_neighbour" {
    state     = "failed"
    reachable = false
  }
  result "fact.beyond" { received = 0 }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_down"
    explain    = "The gateway 192.0.2.1 …"
  }
}

run "a route that refuses is the next step's fault, not the gateway's" {
  site = "example"
  result "fact.way_out" {
    found    = true
    kind     = "blackhole"
    on_link  = false
    gateway  = null
    gateways = []
    prefix   = "198.51.100.0/24"
  }
  result "check.remote_subnet" {
    sent        = 3
    received    = 0
    local_error = "blackhole"
  }
  expect {
    verdict    = "fail"
    root_cause = check.remote_subnet
    cause      = "local_route_blocks"
    explain    = "…a \"blackhole\" entry for 198.51.100.0/24: it refuses to send to 198.51.100.25."
    remedy     = "…ip route del blackhole 198.51.100.0/24."
    status     = { default_gateway = "pass", path_mtu = "blocked", dns = "blocked" }
  }
}

run "the gateway is switched off, and the remote host has a route that refuses" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.way_out" {
    found    = true
    kind     = "blackhole"
    on_link  = false
    gateway  = null
    gateways = []
  }
  result "fact.gateway_neighbour" {
    state     = "failed"
    reachable = false
  }
  result "fact.beyond" { received = 0 }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_down"
  }
}

run "the gateway is switched off, and the remote host counts as a neighbour" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.way_out" {
    found    = true
    kind     = "unicast"
    on_link  = true
    gateway  = null
    gateways = []
  }
  result "fact.gateway_neighbour" {
    state     = "failed"
    reachable = false
  }
  result "fact.beyond" { received = 0 }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_down"
  }
}

run "the way out is of a kind that has no gateway" {
  description = "The gateway answers, so that nothing that is said of silent ones applies."
  site        = "example"
  result "fact.way_out" {
    found    = true
    kind     = "multicast"
    on_link  = false
    gateway  = null
    gateways = []
  }
  expect {
    verdict       = "fail"
    root_cause    = check.default_gateway
    cause         = null
    explain       = "192.0.2.1 could not be shown to be the gateway that packets leave through: 3 of 3 pings came back."
    not_ruled_out = ["packet_loss"]
  }
}

run "the plan has a router's global address and the route its link-local one" {
  site = "example"
  vars = { default_gateway = "2001:db8:1::1", remote_host = "2001:db8:25::25" }
  result "fact.way_out" {
    found    = true
    kind     = "unicast"
    on_link  = false
    gateway  = "fe80::1%eth0"
    gateways = ["fe80::1%eth0"]
    prefix   = "::/0"
    table    = 254
  }
  result "fact.planned_router" { mac = "02:00:00:00:00:01" }
  result "fact.routes_router" { mac = "02:00:00:00:00:01" }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "the plan has a link-local address, and the route another router's" {
  site = "example"
  vars = { default_gateway = "fe80::1" }
  result "fact.way_out" {
    found    = true
    kind     = "unicast"
    on_link  = false
    gateway  = "fe80::fe%eth0"
    gateways = ["fe80::fe%eth0"]
    prefix   = "::/0"
    table    = 254
  }
  result "fact.planned_router" { mac = "02:00:00:00:00:01" }
  result "fact.routes_router" { mac = "02:00:00:00:00:fe" }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_address_wrong"
    explain    = "This computer sends through fe80::fe%eth0…the site's gateway is fe80::1."
  }
}

run "neither of the two routers shows its hardware address" {
  description = "Two nulls are not the same router."
  site        = "example"
  result "fact.way_out" {
    found    = true
    kind     = "unicast"
    on_link  = false
    gateway  = "192.0.2.254"
    gateways = ["192.0.2.254"]
    prefix   = "0.0.0.0/0"
    table    = 254
  }
  result "fact.planned_router" { mac = null }
  result "fact.routes_router" { mac = null }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_address_wrong"
  }
}

run "the router that the plan names answers under one address and is silent under it" {
  description = "The same router by its hardware address, so that the address is not wrong."
  site        = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.way_out" {
    found    = true
    kind     = "unicast"
    on_link  = false
    gateway  = "192.0.2.254"
    gateways = ["192.0.2.254"]
    prefix   = "0.0.0.0/0"
    table    = 254
  }
  result "fact.planned_router" { mac = "02:00:00:00:00:01" }
  result "fact.routes_router" { mac = "02:00:00:00:00:01" }
  result "fact.beyond" {
    received = 2
    icmp     = null
  }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "gateway_filters_ping"
  }
}

run "two computers answer for the gateway's address" {
  site = "example"
  result "fact.gateway_answers" { answered_macs = ["02:00:00:00:00:01", "02:00:00:00:00:99"] }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_duplicate_address"
    explain    = "…(02:00:00:00:00:01, 02:00:00:00:00:99)…another computer has the gateway's address…"
    status     = { local_subnet = "pass", remote_subnet = "blocked" }
  }
}

run "a router answers from its own and from a virtual hardware address" {
  site = "example"
  result "fact.gateway_answers" { answered_macs = ["02:00:00:00:00:01", "00:00:5e:00:01:07"] }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "two routers share the load by virtual hardware addresses" {
  site = "example"
  result "fact.gateway_answers" { answered_macs = ["00:07:b4:00:01:01", "00:07:b4:00:01:02"] }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "nobody may ask who answers for the gateway" {
  site = "example"
  result "fact.gateway_answers" { answered_macs = [] }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "each ping to the gateway is answered twice" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 3
    local_error = null
    duplicates  = 2
    strangers   = 0
  }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "duplicate_replies"
    explain    = "Pings to the gateway 192.0.2.1 are answered more than once (2 replies too many)…"
  }
}

run "one reply of the gateway too many is no reason to warn" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 3
    local_error = null
    duplicates  = 1
    strangers   = 0
  }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "the gateway answers twice, and lost one before" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 2
    local_error = null
    duplicates  = 2
    strangers   = 0
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 20
    loss_pct = 0
  }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "duplicate_replies"
  }
}

run "another address answers the pings to the gateway" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 3
    answered_by = "192.0.2.2"
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "answered_by_another"
    explain    = "Pings to the gateway 192.0.2.1 are answered from 192.0.2.2…"
    status     = { remote_subnet = "pass" }
  }
}

run "the gateway answered once and then no more" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 1
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.gateway_through" { loss_pct = 10 }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "packet_loss"
  }
}

run "the first three pings to the gateway are lost, later ones are not" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 20
    loss_pct = 0
  }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "packet_loss"
  }
}

run "the gateway ignores pings, and nobody named a host behind it" {
  description = "Whether it forwards was not looked at: nobody is accused."
  vars        = { default_gateway = "192.0.2.1" }
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "gateway_filters_ping"
    explain    = "The gateway 192.0.2.1 is there (it answers for its hardware address) but does not answer pings itself…"
    remedy     = "Set remote_host…"
  }
}

run "there is no way out, and nobody named a host behind it" {
  vars = { default_gateway = "192.0.2.1" }
  result "fact.way_out" {
    found    = false
    kind     = null
    on_link  = false
    gateway  = null
    gateways = []
  }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "no_default_route"
    explain    = "This computer has no route that leads out: there is no default route."
  }
}

run "the gateway ignores pings, and the remote host counts as a neighbour" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.way_out" {
    found    = true
    kind     = "unicast"
    on_link  = true
    gateway  = null
    gateways = []
    prefix   = "198.51.100.0/24"
  }
  result "fact.remote_neighbour" {
    state     = "reachable"
    reachable = true
    mac       = "02:00:00:00:00:25"
  }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "gateway_filters_ping"
    explain    = "The gateway 192.0.2.1 is there…and 198.51.100.25 answers without it, but does not answer pings itself…"
  }
}

run "nobody could ask for the silent gateway" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.gateway_neighbour" { state = "delay" }
  result "fact.beyond" {
    received = 0
    icmp     = null
  }
  expect {
    verdict       = "fail"
    root_cause    = check.default_gateway
    cause         = null
    not_ruled_out = ["gateway_filters_ping", "gateway_down", "gateway_silent"]
  }
}

run "a link-local gateway without its adapter has lost some pings" {
  site = "example"
  vars = { default_gateway = "fe80::1" }
  result "fact.way_out" {
    found    = true
    kind     = "unicast"
    on_link  = false
    gateway  = "fe80::1%eth0"
    gateways = ["fe80::1%eth0"]
    prefix   = "::/0"
    table    = 254
  }
  result "check.default_gateway" {
    sent        = 3
    received    = 2
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 18
    loss_pct = 10
  }
  result "fact.gateway_through" { loss_pct = 10 }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "packet_loss"
    explain    = "Of 20 pings to the gateway fe80::1%eth0…"
  }
}

run "two routers and their virtual address answer for the gateway" {
  site = "example"
  result "fact.gateway_answers" { answered_macs = ["02:00:00:00:00:01", "00:00:5e:00:01:07", "02:00:00:00:00:99"] }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_duplicate_address"
  }
}

run "the gateway limits how many pings it answers" {
  description = "What it forwards comes back without a loss."
  site        = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 1
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 3
    loss_pct = 85
  }
  result "fact.gateway_through" { loss_pct = 0 }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "pings to the gateway are lost, and nobody named a host behind it" {
  vars = { default_gateway = "192.0.2.1" }
  result "check.default_gateway" {
    sent        = 3
    received    = 1
    local_error = null
    duplicates  = 0
    strangers   = 0
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 15
    loss_pct = 25
  }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "packet_loss"
  }
}

run "an entry of the routing table refuses the gateway's own address" {
  description = "Packets go out through it all the same."
  site        = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = "blackhole"
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.gateway_route" {
    found   = true
    kind    = "blackhole"
    on_link = false
    gateway = null
    prefix  = "192.0.2.1/32"
  }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "local_route_blocks"
    explain    = "…a \"blackhole\" entry for 192.0.2.1/32: it refuses to send to the gateway's own address 192.0.2.1, so that…"
    remedy     = "…ip route del blackhole 192.0.2.1/32."
    status     = { local_subnet = "pass", remote_subnet = "blocked" }
  }
}

run "a policy rule refuses the gateway's own address" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = "prohibited"
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.gateway_route" {
    found   = true
    kind    = "prohibit"
    on_link = false
    gateway = null
    prefix  = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "local_route_blocks"
    explain    = "…a \"prohibit\" entry or a policy rule of that kind: it refuses to send to the gateway's own address 192.0.2.1…"
    remedy     = "…ip rule and ip route show table all…"
  }
}

run "the gateway's link-local address has a fixed entry that nobody answers" {
  site = "example"
  vars = { default_gateway = "fe80::1" }
  result "fact.way_out" {
    found    = true
    kind     = "unicast"
    on_link  = false
    gateway  = "fe80::1%eth0"
    gateways = ["fe80::1%eth0"]
  }
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.gateway_route" {
    kind      = "unicast"
    interface = "eth0"
  }
  result "fact.gateway_neighbour" {
    state        = "permanent"
    reachable    = false
    mac          = "02:00:00:00:00:99"
    answered_mac = "02:00:00:00:00:01"
  }
  result "fact.beyond" { received = 0 }
  result "fact.beyond_tcp" {
    connected = false
    refused   = false
    timed_out = true
    icmp      = null
  }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_neighbour_wrong"
    remedy     = "…delete the entry (ip neigh del fe80::1%eth0 dev eth0)…"
  }
}

run "the plan has the IPv4 router, and the remote host is IPv6 behind another" {
  site = "example"
  vars = { remote_host = "2001:db8:25::25" }
  result "fact.planned_router" { mac = "02:00:00:00:00:01" }
  result "fact.routes_router" { mac = "02:00:00:00:00:fe" }
  result "fact.way_out" {
    found     = true
    kind      = "unicast"
    on_link   = false
    gateway   = "fe80::1%eth0"
    gateways  = ["fe80::1%eth0"]
    interface = "eth0"
    source    = "2001:db8::10"
    prefix    = "::/0"
    table     = 254
  }
  expect {
    verdict = "pass"
  }
}

run "the plan has the IPv4 router, which is off, and the remote host is IPv6" {
  site = "example"
  vars = { remote_host = "2001:db8:25::25" }
  result "fact.planned_router" { mac = null }
  result "fact.routes_router" { mac = "02:00:00:00:00:fe" }
  result "fact.way_out" {
    found     = true
    kind      = "unicast"
    on_link   = false
    gateway   = "fe80::1%eth0"
    gateways  = ["fe80::1%eth0"]
    interface = "eth0"
    source    = "2001:db8::10"
    prefix    = "::/0"
    table     = 254
  }
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.gateway_neighbour" {
    state     = "failed"
    reachable = false
  }
  result "fact.beyond" { received = 0 }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_down"
  }
}

run "a fixed entry is right, and an ordinary user could not ask past it" {
  description = "The remote host answers through the gateway, so that the entry is right."
  site        = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.gateway_neighbour" {
    state = "permanent"
    mac   = "02:00:00:00:00:01"
  }
  result "fact.beyond" { received = 2 }
  result "fact.beyond_tcp" { connected = false }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "gateway_filters_ping"
    explain    = "The gateway 192.0.2.1 forwards traffic (answers come from behind it) but does not answer pings itself…"
    remedy     = "Nothing has to be done for mail…"
    status     = { remote_subnet = "pass", smtp = "pass" }
  }
}

run "a fixed entry is right, and pings are ignored on the whole way" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.gateway_neighbour" {
    state = "permanent"
    mac   = "02:00:00:00:00:01"
  }
  result "fact.beyond" {
    received = 0
    icmp     = null
  }
  result "fact.beyond_tcp" { connected = true }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "gateway_filters_ping"
    explain    = "The gateway 192.0.2.1 forwards traffic (answers come from behind it) but does not answer pings itself…"
    remedy     = "Nothing has to be done for mail…"
    status     = { remote_subnet = "pass", smtp = "pass" }
  }
}

run "a fixed entry is right, and the gateway answers nobody who asks for its hardware address" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.gateway_neighbour" {
    state        = "permanent"
    reachable    = false
    mac          = "02:00:00:00:00:01"
    answered_mac = null
  }
  result "fact.beyond" { received = 2 }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "gateway_filters_ping"
    explain    = "The gateway 192.0.2.1 forwards traffic (answers come from behind it) but does not answer pings itself…"
    remedy     = "Nothing has to be done for mail…"
    status     = { remote_subnet = "pass", smtp = "pass" }
  }
}

run "a fixed entry, and nobody named a host behind the gateway" {
  description = "Nobody tried whether the gateway forwards."
  vars        = { default_gateway = "192.0.2.1" }
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.gateway_neighbour" {
    state = "permanent"
    mac   = "02:00:00:00:00:01"
  }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_neighbour_wrong"
    explain    = "A fixed entry on this computer says that the gateway 192.0.2.1 has the hardware address 02:00:00:00:00:01, and no ping that is sent there is answered."
    remedy     = "Compare it with the router's own. If they differ, delete the entry (ip neigh del 192.0.2.1 dev eth0) and find out who set it. If it is right, leave it: then the gateway is down or filters pings."
  }
}

run "a fixed entry, and the remote host answers without the gateway" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.gateway_neighbour" {
    state = "permanent"
    mac   = "02:00:00:00:00:01"
  }
  result "fact.way_out" {
    found    = true
    kind     = "unicast"
    on_link  = true
    gateway  = null
    gateways = []
    prefix   = "198.51.100.0/24"
  }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_neighbour_wrong"
    explain    = "A fixed entry on this computer says that the gateway 192.0.2.1 has the hardware address 02:00:00:00:00:01, and no ping that is sent there is answered."
    remedy     = "Compare it with the router's own. If they differ, delete the entry (ip neigh del 192.0.2.1 dev eth0) and find out who set it. If it is right, leave it: then the gateway is down or filters pings."
  }
}

run "a fixed entry for the planned IPv4 router, and the remote host is IPv6" {
  description = "What answers through the router of another family says nothing of this entry."
  site        = "example"
  vars        = { remote_host = "2001:db8:25::25" }
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.gateway_neighbour" {
    state = "permanent"
    mac   = "02:00:00:00:00:01"
  }
  result "fact.planned_router" { mac = null }
  result "fact.routes_router" { mac = "02:00:00:00:00:fe" }
  result "fact.way_out" {
    found    = true
    kind     = "unicast"
    on_link  = false
    gateway  = "fe80::1%eth0"
    gateways = ["fe80::1%eth0"]
    prefix   = "::/0"
    table    = 254
  }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_neighbour_wrong"
    explain    = "A fixed entry on this computer says that the gateway 192.0.2.1 has the hardware address 02:00:00:00:00:01, and no ping that is sent there is answered."
    remedy     = "Compare it with the router's own. If they differ, delete the entry (ip neigh del 192.0.2.1 dev eth0) and find out who set it. If it is right, leave it: then the gateway is down or filters pings."
  }
}

run "the default route has two next hops, and the plan names the one that is not chosen" {
  description = "Which of them is chosen depends on the addresses."
  site        = "example"
  result "fact.way_out" {
    found    = true
    kind     = "unicast"
    on_link  = false
    gateway  = "192.0.2.254"
    gateways = ["192.0.2.1", "192.0.2.254"]
    prefix   = "0.0.0.0/0"
    table    = 254
  }
  result "fact.next_hop[\"0\"]" { received = 1 }
  result "fact.next_hop[\"1\"]" { received = 1 }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "one of two next hops is off, and the plan names the other" {
  site = "example"
  result "fact.way_out" {
    found         = true
    kind          = "unicast"
    on_link       = false
    gateway       = "192.0.2.254"
    gateways      = ["192.0.2.1", "192.0.2.254"]
    avoids_silent = false
    prefix        = "0.0.0.0/0"
    table         = 254
  }
  result "fact.next_hop[\"0\"]" { received = 1 }
  result "fact.next_hop[\"1\"]" { received = 0 }
  result "fact.next_hop_neighbour[\"1\"]" { state = "failed" }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_one_of_several_down"
    explain    = "This computer's route (entry 0.0.0.0/0) shares connections out among the gateways 192.0.2.1, 192.0.2.254, and from 192.0.2.254 comes nothing, not even a hardware address. Connections that go there are lost."
    remedy     = "Look whether that router is on and plugged into this subnet. If it is gone for good, take it out of the route (ip route show 0.0.0.0/0)."
    status     = { local_subnet = "pass", remote_subnet = "blocked", dns = "blocked" }
  }
}

run "one of two next hops is off, and the other ignores pings" {
  site = "example"
  result "fact.way_out" {
    found         = true
    kind          = "unicast"
    on_link       = false
    gateway       = "192.0.2.254"
    gateways      = ["192.0.2.1", "192.0.2.254"]
    avoids_silent = false
    prefix        = "0.0.0.0/0"
    table         = 254
  }
  result "fact.next_hop[\"0\"]" { received = 0 }
  result "fact.next_hop[\"1\"]" { received = 0 }
  result "fact.next_hop_neighbour[\"0\"]" { state = "reachable" }
  result "fact.next_hop_neighbour[\"1\"]" { state = "failed" }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_one_of_several_down"
    explain    = "This computer's route (entry 0.0.0.0/0) shares connections out among the gateways 192.0.2.1, 192.0.2.254, and from 192.0.2.254 comes nothing, not even a hardware address. Connections that go there are lost."
    remedy     = "Look whether that router is on and plugged into this subnet. If it is gone for good, take it out of the route (ip route show 0.0.0.0/0)."
    status     = { local_subnet = "pass", remote_subnet = "blocked", dns = "blocked" }
  }
}

run "the planned one of three next hops is off, and another ignores pings" {
  description = "Its address is not wrong, whichever is chosen."
  site        = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.way_out" {
    found         = true
    kind          = "unicast"
    on_link       = false
    gateway       = "192.0.2.254"
    gateways      = ["192.0.2.1", "192.0.2.253", "192.0.2.254"]
    avoids_silent = false
    prefix        = "0.0.0.0/0"
    table         = 254
  }
  result "fact.next_hop[\"0\"]" { received = 0 }
  result "fact.next_hop[\"1\"]" { received = 0 }
  result "fact.next_hop_neighbour[\"1\"]" { state = "reachable" }
  result "fact.next_hop[\"2\"]" { received = 1 }
  result "fact.next_hop_neighbour[\"0\"]" { state = "failed" }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_one_of_several_down"
    explain    = "This computer's route (entry 0.0.0.0/0) shares connections out among the gateways 192.0.2.1, 192.0.2.253, 192.0.2.254, and from 192.0.2.1 comes nothing, not even a hardware address. Connections that go there are lost."
    remedy     = "Look whether that router is on and plugged into this subnet. If it is gone for good, take it out of the route (ip route show 0.0.0.0/0)."
  }
}

run "one of two next hops is off, and the kernel passes over it" {
  site = "example"
  result "fact.way_out" {
    found         = true
    kind          = "unicast"
    on_link       = false
    gateway       = "192.0.2.254"
    gateways      = ["192.0.2.1", "192.0.2.254"]
    avoids_silent = true
    prefix        = "0.0.0.0/0"
    table         = 254
  }
  result "fact.next_hop[\"0\"]" { received = 1 }
  result "fact.next_hop[\"1\"]" { received = 0 }
  result "fact.next_hop_neighbour[\"1\"]" { state = "failed" }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "gateway_one_of_several_down"
    explain    = "This computer's route (entry 0.0.0.0/0) shares connections out among the gateways 192.0.2.1, 192.0.2.254, and from 192.0.2.254 comes nothing, not even a hardware address. The kernel passes over it once it knows; until then packets are lost."
    remedy     = "Look whether that router is on and plugged into this subnet. If it is gone for good, take it out of the route (ip route show 0.0.0.0/0)."
    status     = { remote_subnet = "pass", smtp = "pass" }
  }
}

run "a fourth next hop is not looked at" {
  site = "example"
  result "fact.way_out" {
    found         = true
    kind          = "unicast"
    on_link       = false
    gateway       = "192.0.2.1"
    gateways      = ["192.0.2.1", "192.0.2.252", "192.0.2.253", "192.0.2.254"]
    avoids_silent = false
    prefix        = "0.0.0.0/0"
    table         = 254
  }
  result "fact.next_hop[\"0\"]" { received = 1 }
  result "fact.next_hop[\"1\"]" { received = 1 }
  result "fact.next_hop[\"2\"]" { received = 1 }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "the third of three next hops is off" {
  site = "example"
  result "fact.way_out" {
    found         = true
    kind          = "unicast"
    on_link       = false
    gateway       = "192.0.2.1"
    gateways      = ["192.0.2.1", "192.0.2.253", "192.0.2.254"]
    avoids_silent = false
    prefix        = "0.0.0.0/0"
    table         = 254
  }
  result "fact.next_hop[\"0\"]" { received = 1 }
  result "fact.next_hop[\"1\"]" { received = 1 }
  result "fact.next_hop[\"2\"]" { received = 0 }
  result "fact.next_hop_neighbour[\"2\"]" { state = "failed" }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_one_of_several_down"
    explain    = "…among the gateways 192.0.2.1, 192.0.2.253, 192.0.2.254, and from 192.0.2.254 comes nothing…"
    remedy     = "Look whether that router is on and plugged into this subnet. If it is gone for good, take it out of the route (ip route show 0.0.0.0/0)."
  }
}

run "one of two next hops ignores pings" {
  site = "example"
  result "fact.way_out" {
    found         = true
    kind          = "unicast"
    on_link       = false
    gateway       = "192.0.2.254"
    gateways      = ["192.0.2.1", "192.0.2.254"]
    avoids_silent = false
    prefix        = "0.0.0.0/0"
    table         = 254
  }
  result "fact.next_hop[\"0\"]" { received = 1 }
  result "fact.next_hop[\"1\"]" { received = 0 }
  result "fact.next_hop_neighbour[\"1\"]" { state = "reachable" }
  expect {
    verdict    = "pass"
    root_cause = []
  }
}

run "both of two next hops are off" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.gateway_neighbour" {
    state     = "failed"
    reachable = false
  }
  result "fact.beyond" { received = 0 }
  result "fact.way_out" {
    found         = true
    kind          = "unicast"
    on_link       = false
    gateway       = "192.0.2.254"
    gateways      = ["192.0.2.1", "192.0.2.254"]
    avoids_silent = false
    prefix        = "0.0.0.0/0"
    table         = 254
  }
  result "fact.next_hop[\"0\"]" { received = 0 }
  result "fact.next_hop[\"1\"]" { received = 0 }
  result "fact.next_hop_neighbour[\"0\"]" { state = "failed" }
  result "fact.next_hop_neighbour[\"1\"]" { state = "failed" }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_down"
    explain    = "The gateway 192.0.2.1 does not even answer…"
  }
}

run "the IPv4 router of the plan answers, and both next hops to the IPv6 host are off" {
  site = "example"
  vars = { remote_host = "2001:db8:25::25" }
  result "fact.way_out" {
    found         = true
    kind          = "unicast"
    on_link       = false
    gateway       = "fe80::1%eth0"
    gateways      = ["fe80::1%eth0", "fe80::2%eth0"]
    avoids_silent = false
    prefix        = "::/0"
    table         = 254
  }
  result "fact.planned_router" { mac = "02:00:00:00:00:01" }
  result "fact.routes_router" { mac = null }
  result "fact.next_hop[\"0\"]" { received = 0 }
  result "fact.next_hop[\"1\"]" { received = 0 }
  result "fact.next_hop_neighbour[\"0\"]" { state = "failed" }
  result "fact.next_hop_neighbour[\"1\"]" { state = "failed" }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_one_of_several_down"
    explain    = "…(entry ::/0)…from fe80::1%eth0, fe80::2%eth0 comes nothing…"
  }
}

run "the default route has two next hops, and the planned gateway is neither" {
  site = "example"
  result "fact.planned_router" { mac = "02:00:00:00:00:01" }
  result "fact.routes_router" { mac = "02:00:00:00:00:fe" }
  result "fact.way_out" {
    found    = true
    kind     = "unicast"
    on_link  = false
    gateway  = "192.0.2.254"
    gateways = ["192.0.2.253", "192.0.2.254"]
    prefix   = "0.0.0.0/0"
    table    = 254
  }
  result "fact.next_hop[\"0\"]" { received = 1 }
  result "fact.next_hop[\"1\"]" { received = 1 }
  expect {
    verdict    = "fail"
    root_cause = check.default_gateway
    cause      = "gateway_address_wrong"
    explain    = "This computer sends through 192.0.2.253 and 192.0.2.254 (table main, entry 0.0.0.0/0); the site's gateway is 192.0.2.1."
    remedy     = "Set the route to 192.0.2.1…If 192.0.2.253 or 192.0.2.254 is the gateway, correct default_gateway in the profile."
  }
}

run "one of two next hops ignores pings, and the plan names it" {
  site = "example"
  result "check.default_gateway" {
    sent        = 3
    received    = 0
    local_error = null
    duplicates  = 0
    strangers   = 0
    answered_by = null
  }
  result "fact.gateway_again" {
    sent     = 20
    received = 0
    loss_pct = 100
  }
  result "fact.way_out" {
    found    = true
    kind     = "unicast"
    on_link  = false
    gateway  = "192.0.2.254"
    gateways = ["192.0.2.1", "192.0.2.254"]
    prefix   = "0.0.0.0/0"
    table    = 254
  }
  result "fact.next_hop[\"0\"]" { received = 0 }
  result "fact.next_hop[\"1\"]" { received = 1 }
  result "fact.next_hop_neighbour[\"0\"]" { state = "reachable" }
  result "fact.beyond" { received = 2 }
  expect {
    verdict    = "warn"
    root_cause = check.default_gateway
    cause      = "gateway_filters_ping"
    explain    = "The gateway 192.0.2.1 forwards traffic…"
  }
}
