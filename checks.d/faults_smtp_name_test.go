//go:build linux

package checks_test

import (
	"github.com/linecheck/linecheck/checks.d/internal/lab"
)

// carrier is a mail server of somebody else's.
var carrier = lab.Says("220 mx1.carrier.example ESMTP ready\r\n")

// redirected makes a router, or this computer (hook output), answer mail itself.
func redirected(host, hook string, h lab.Handler) func(*lab.Network) {
	return func(n *lab.Network) {
		n.Host(host).Serve(2525, h)
		n.Host(host).Redirect(hook, 25, 2525)
	}
}

// known adds records for the carrier's names to those for the mail host.
func known(lines string) func(*lab.Network) {
	return records("host-record=$NAME,$MAIL\n" + lines)
}

// greets makes the mail host greet with a text in which $NAME … are filled in.
func greets(text string) func(*lab.Network) {
	return func(n *lab.Network) { n.Host("mail").Serve(25, lab.Says(n.Expand(text)+"\r\n")) }
}

// Faults in which somebody else than the mail host, or its name, answers.
var smtpNameFaults = []trial{{
	name:  "mail_is_redirected_on_the_way",
	ipv6:  true,
	do:    all(known("host-record=mx1.carrier.example,$R2"), redirected("r2", "prerouting", carrier)),
	twin:  "greets_with_a_name_that_has_its_address",
	proof: "alive $MAIL; hears '^220 mx1.carrier'",
	say:   fails("smtp", "smtp_wrong_host", "mx1.carrier.example", "$R2"),
}, {
	name:  "mail_is_redirected_on_the_way_to_an_unknown_name",
	ipv6:  true,
	do:    all(known("local=/carrier.example/"), redirected("r2", "prerouting", carrier)),
	twin:  "greets_with_a_private_name",
	proof: "alive $MAIL; hears '^220 mx1.carrier'",
	say:   fails("smtp", "smtp_wrong_host", "mx1.carrier.example", "nearer"),
}, {
	name:  "mail_is_redirected_by_the_gateway_to_a_name_that_nobody_tells_of",
	do:    redirected("r1", "prerouting", carrier),
	proof: "alive $MAIL; hears '^220 mx1.carrier'",
	say:   fails("smtp", "smtp_wrong_host", "mx1.carrier.example", "nearer"),
}, {
	// Nobody knows who it is: a mail filter may stand there on purpose.
	name:  "mail_is_redirected_on_the_way_to_a_server_without_a_name",
	ipv6:  true,
	do:    all(redirected("r1", "prerouting", lab.Says("220 ESMTP ready\r\n")), mailIsStopped),
	twin:  "greets_without_a_name",
	proof: "alive $MAIL; hears '^220 ESMTP ready'",
	say:   warns("smtp", "smtp_answered_nearer", "220 ESMTP ready", "hop 1", "$ROUTER"),
}, {
	name:  "mail_is_redirected_on_the_way_to_a_private_name",
	do:    all(redirected("r2", "prerouting", lab.Says("220 fortigate.localdomain.lan SMTP proxy\r\n")), mailIsStopped),
	twin:  "greets_with_a_private_name",
	proof: "alive $MAIL; hears '^220 fortigate'",
	say:   warns("smtp", "smtp_answered_nearer", "fortigate.localdomain.lan", "hop 2", "$R2"),
}, {
	name:  "mail_is_redirected_on_the_way_to_a_bare_domain",
	do:    all(redirected("r1", "prerouting", lab.Says("220 carrier.example ESMTP\r\n")), mailIsStopped),
	twin:  "greets_with_a_bare_domain",
	proof: "alive $MAIL; hears '^220 carrier.example'",
	say:   warns("smtp", "smtp_answered_nearer", "carrier.example", "hop 1"),
}, {
	name:  "mail_is_redirected_right_before_a_host_that_is_off",
	do:    all(redirected("r3", "prerouting", lab.Says("220 ESMTP ready\r\n")), off("mail")),
	vars:  map[string]string{"remote_host": "$MAILPEER"},
	twin:  "mail_host_is_another_computer",
	proof: "dead $MAIL; hears '^220 ESMTP ready'",
	say:   warns("smtp", "smtp_answered_nearer", "220 ESMTP ready", "hop 3"),
}, {
	name: "mail_is_redirected_beside_the_host",
	do: all(known("host-record=mx1.carrier.example,$MAILPEER"), func(n *lab.Network) { n.Host("mailpeer").Serve(25, carrier) },
		on("r3", `nft "add table ip labnat; add chain ip labnat prerouting { type nat hook prerouting priority -100; }; add rule ip labnat prerouting ip daddr $MAIL tcp dport 25 dnat to $MAILPEER"`)),
	twin:  "mail_is_forwarded_to_the_host_by_a_router",
	proof: "alive $MAIL; hears '^220 mx1.carrier'",
	say:   fails("smtp", "smtp_wrong_host", "mx1.carrier.example", "$MAILPEER"),
}, {
	name:  "the_name_has_the_address_of_another_mail_server",
	do:    all(records("host-record=$NAME,$MAILPEER\nhost-record=mx1.carrier.example,$MAILSPARE"), func(n *lab.Network) { n.Host("mailpeer").Serve(25, carrier) }),
	proof: "dig +short $NAME | grep $MAILPEER",
	say:   fails("smtp", "smtp_wrong_host", "mx1.carrier.example", "$MAILSPARE"),
}, {
	// Nothing else speaks against the host: it may be called so.
	name:  "greets_with_a_name_that_is_unknown",
	ipv6:  true,
	do:    all(known("local=/carrier.example/"), port25(carrier)),
	twin:  "greets_with_a_private_name",
	proof: "hears '^220 mx1.carrier'",
	say:   warns("smtp", "smtp_wrong_host", "mx1.carrier.example"),
}, {
	name:  "greets_otherwise_than_planned",
	vars:  map[string]string{"mail_greeting": "relay.$DOMAIN"},
	twin:  "greets_as_planned",
	proof: "hears \"^220 $NAME\"",
	say:   fails("smtp", "smtp_wrong_host", "$NAME", "relay.$DOMAIN"),
}, {
	name:  "greets_without_the_planned_name",
	vars:  map[string]string{"mail_greeting": "relay.$DOMAIN"},
	do:    greets("220 ESMTP"),
	twin:  "greets_as_planned",
	proof: "hears '^220 ESMTP'",
	say:   fails("smtp", "smtp_wrong_host", "no name", "relay.$DOMAIN"),
}, {
	name:  "this_computer_redirects_mail_to_itself",
	ipv6:  true,
	do:    redirected("gw", "output", lab.Says("220 filter ESMTP\r\n")),
	proof: "alive $MAIL; hears '^220 filter'",
	say:   fails("smtp", "smtp_local_redirect", "$NAME", "$MAIL"),
}, {
	name: "this_computer_redirects_mail_to_its_own_gateway",
	do: func(n *lab.Network) {
		n.Host("gw").StartMail(lab.Mail{})
		n.Host("gw").Redirect("output", 25, 25)
	},
	proof: "alive $MAIL; hears \"^220 $GWNAME\"",
	say:   fails("smtp", "smtp_local_redirect", "$NAME", "$MAIL"),
}, {
	name:  "a_filter_here_shows_the_host's_greeting",
	do:    func(n *lab.Network) { redirected("gw", "output", lab.Says(n.Expand("220 $NAME ESMTP\r\n")))(n) },
	proof: "alive $MAIL; hears \"^220 $NAME\"",
	say:   warns("smtp", "smtp_local_redirect", "$NAME"),
}, {
	name:  "the_name_has_this_computer's_address",
	ipv6:  true,
	do:    all(records("host-record=$NAME,$GW"), func(n *lab.Network) { n.Host("gw").StartMail(lab.Mail{}) }),
	proof: "dig +short $NAME $RR | grep $GW",
	say:   fails("smtp", "smtp_local_redirect", "$NAME", "$GW"),
}, {
	name:  "the_name_has_this_computer's_address_and_nothing_listens",
	do:    records("host-record=$NAME,$GW"),
	proof: "dig +short $NAME $RR | grep $GW",
	say:   fails("smtp", "smtp_local_redirect", "$NAME", "$GW"),
}}

// mailIsStopped ends the mail host's own service.
func mailIsStopped(n *lab.Network) { n.Host("mail").StopMail() }
