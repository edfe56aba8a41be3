//go:build linux

package checks_test

import (
	"context"
	"io"
	"net"
	"strings"
	"time"

	"github.com/linecheck/linecheck/checks.d/internal/lab"
	"github.com/miekg/dns"
)

// natted is an address outside of the networks, which a router translates.
const natted = "198.18.5.5"

// Habits of mail servers and the ways to them that are no faults.
var healthySMTP = []trial{{
	name:  "greets_with_its_alias's_target",
	ipv6:  true,
	do:    all(records("host-record=real.hoster.example,$MAIL\ncname=$NAME,real.hoster.example"), greets("220 real.hoster.example ESMTP")),
	proof: "dig $NAME $RR | grep CNAME; hears '^220 real'",
	say:   passes,
}, {
	name:  "greets_as_another_host_of_its_domain",
	do:    greets("220 backend-7.$DOMAIN ESMTP"),
	proof: "hears '^220 backend-7'",
	say:   passes,
}, {
	name:  "greets_with_a_name_that_has_its_address",
	ipv6:  true,
	do:    all(known("host-record=mx1.carrier.example,$MAIL"), port25(carrier)),
	proof: "hears '^220 mx1.carrier'",
	say:   passes,
}, {
	name:  "greets_with_a_name_of_its_address's_domain",
	do:    all(reverse("out.carrier.example", "address=/$NAME/$MAIL\nhost-record=mx1.carrier.example,$MAILSPARE"), port25(carrier)),
	proof: "dig +short -x $MAIL | grep out.carrier; hears '^220 mx1.carrier'",
	say:   passes,
}, {
	name:  "greets_with_a_private_name",
	ipv6:  true,
	do:    greets("220 EXCH01.corp.local Microsoft ESMTP MAIL Service ready at Sun, 29 Nov 2026 21:00:00 +0000"),
	proof: "hears '^220 EXCH01'",
	say:   passes,
}, {
	name:  "greets_with_a_bare_domain",
	do:    greets("220 carrier.example ESMTP"),
	proof: "hears '^220 carrier.example'",
	say:   passes,
}, {
	name:  "ehlo_is_answered_after_three_seconds",
	do:    port25(lateToEHLO(3 * time.Second)),
	proof: "hears '^220 mail'",
	say:   passes,
}, {
	name:  "early_talkers_are_turned_away",
	do:    port25(turnsEarlyTalkersAway(3 * time.Second)),
	proof: "mute",
	say:   passes,
}, {
	name:  "greets_without_a_name",
	ipv6:  true,
	do:    greets("220 ESMTP ready"),
	proof: "hears '^220 ESMTP ready'",
	say:   passes,
}, {
	// Nothing but the greeting shows that it hands on to the host.
	name:  "a_proxy_on_the_way_shows_the_host's_greeting",
	do:    func(n *lab.Network) { redirected("r2", "prerouting", lab.Says(n.Expand("220 $NAME ESMTP\r\n")))(n) },
	proof: "hears \"^220 $NAME\"",
	say:   passes,
}, {
	name: "a_proxy_on_the_way_has_the_host's_private_name",
	do: all(reverse("exch01.corp.local", "address=/$NAME/$MAIL"),
		redirected("r2", "prerouting", lab.Says("220 exch01.corp.local ESMTP\r\n"))),
	proof: "dig +short -x $MAIL | grep exch01.corp.local; hears '^220 exch01'",
	say:   passes,
}, {
	name:  "a_filter_on_the_way_greets_as_planned",
	vars:  map[string]string{"mail_greeting": "filter.corp.local"},
	do:    redirected("r2", "prerouting", lab.Says("220 filter.corp.local ESMTP\r\n")),
	proof: "hears '^220 filter'",
	say:   passes,
}, {
	// One address is translated into another, pings included (RFC 3022).
	name: "the_host_stands_behind_address_translation",
	vars: map[string]string{"remote_host": natted},
	do: all(records("host-record=$NAME,"+natted), greets("220 ESMTP ready"),
		on("r1", "ip route add "+natted+" via $R2"), on("r2", "ip route add "+natted+" via $R3"),
		on("r3", `nft "add table ip labnat; add chain ip labnat prerouting { type nat hook prerouting priority -100; }; add chain ip labnat postrouting { type nat hook postrouting priority 100; }; add rule ip labnat prerouting ip daddr `+natted+` dnat to $MAIL; add rule ip labnat postrouting ip saddr $MAIL snat to `+natted+`"`)),
	proof: "alive " + natted + "; resolves " + natted + "; hears '^220 ESMTP ready'",
	say:   passes,
}, {
	// A load balancer answers pings itself, and hands connections on.
	name: "the_host's_address_is_a_load_balancer's",
	vars: map[string]string{"remote_host": "$R3"},
	do: all(records("host-record=$NAME,$R3"), greets("220 ESMTP ready"),
		on("r3", `nft "add table ip labnat; add chain ip labnat prerouting { type nat hook prerouting priority -100; }; add rule ip labnat prerouting ip daddr $R3 tcp dport 25 dnat to $MAIL"`)),
	proof: "alive $R3; hears '^220 ESMTP ready'",
	say:   passes,
}, {
	name:  "a_host_without_a_name_does_not_answer_pings",
	vars:  map[string]string{"remote_host": "$MAILPEER"},
	do:    all(greets("220 ESMTP ready"), filter("mail", "input", pings+"drop")),
	proof: "dead $MAIL; hears '^220 ESMTP ready'",
	say:   passes,
}, {
	name:  "greets_with_its_address",
	do:    greets("220 [$MAIL] ESMTP"),
	proof: "hears \"^220 .$MAIL\"",
	say:   passes,
}, {
	name:  "greets_in_utf_8_and_lower_case",
	do:    greets("220 $NAME esmtp größe готов 郵件"),
	proof: "hears 'größe'",
	say:   passes,
}, {
	name:  "greets_as_planned",
	vars:  map[string]string{"mail_greeting": "$NAME"},
	proof: "hears \"^220 $NAME\"",
	say:   passes,
}, {
	name:  "greets_as_planned_with_a_name_of_somebody_else's",
	vars:  map[string]string{"mail_greeting": "MX1.carrier.example"},
	do:    port25(carrier),
	proof: "hears '^220 mx1.carrier'",
	say:   passes,
}, {
	name:  "mail_host_is_an_address",
	ipv6:  true,
	vars:  map[string]string{"mail_host": "$MAIL"},
	proof: mailWorks,
	say:   passes.skips("dns"),
}, {
	name:  "mail_host_is_another_computer",
	ipv6:  true,
	vars:  map[string]string{"remote_host": "$MAILPEER"},
	proof: "alive $MAILPEER; " + mailWorks,
	say:   passes,
}, {
	name:  "submission_port",
	vars:  map[string]string{"smtp_port": "587"},
	do:    func(n *lab.Network) { n.Host("mail").Serve(587, lab.Says("220 submission ESMTP\r\n")) },
	proof: "timeout 2 bash -c 'exec 3<>/dev/tcp/$MAIL/587'",
	say:   passes,
}, {
	name: "mail_is_forwarded_to_the_host_by_a_router",
	vars: map[string]string{"remote_host": "$MAILPEER"},
	do: all(records("host-record=$NAME,$R3"),
		on("r3", `nft "add table ip labnat; add chain ip labnat prerouting { type nat hook prerouting priority -100; }; add rule ip labnat prerouting ip daddr $R3 tcp dport 25 dnat to $MAIL"`)),
	proof: "dig +short $NAME | grep $R3; timeout 2 bash -c 'head -1 </dev/tcp/$R3/25' | grep \"^220 $NAME\"",
	say:   passes,
}, {
	name:  "two_addresses",
	ipv6:  true,
	do:    all(records("host-record=$NAME,$MAIL\nhost-record=$NAME,$MAILPEER"), func(n *lab.Network) { n.Host("mailpeer").Serve(25, lab.Says("220 peer ESMTP\r\n")) }),
	proof: "dig +short $NAME $RR | grep $MAILPEER; hears ^220",
	say:   passes,
}, {
	name:  "an_ipv6_address_and_no_ipv6_here",
	do:    records("host-record=$NAME,$MAIL,2001:db8::25"),
	proof: "dig +short $NAME AAAA | grep 2001:db8::25; ! ip -6 route get 2001:db8::25; hears ^220",
	say:   passes,
}, {
	name:  "an_ipv6_address_and_ipv6_switched_off_here",
	do:    all(records("host-record=$NAME,$MAIL,2001:db8::25"), on("gw", "sysctl -qw net.ipv6.conf.all.disable_ipv6=1")),
	proof: "dig +short $NAME AAAA | grep 2001:db8::25; hears ^220",
	say:   passes,
}, {
	name:  "mail_is_routed_by_its_port",
	ipv6:  true,
	do:    on("gw", "ip -$FAMILY route add default via $ROUTER dev eth0 table 25; ip -$FAMILY rule add ipproto tcp dport 25 lookup 25"),
	proof: "ip rule | grep 'dport 25' || ip -6 rule | grep 'dport 25'; " + mailWorks,
	say:   passes,
}, {
	name:  "mail_is_marked_and_routed_by_that",
	do:    on("gw", "ip route add default via $ROUTER dev eth0 table 25; "+marked),
	proof: mailWorks,
	say:   passes,
}, {
	name: "greeting_in_two_parts_with_a_pause", // as Postfix's postscreen does
	do: port25(func(ctx context.Context, conn net.Conn) {
		io.WriteString(conn, "220-mx.example ESMTP\r\n")
		lab.Late(6*time.Second, lab.Says("220 mx.example ESMTP\r\n"))(ctx, conn)
	}),
	proof: "hears '^220-mx'",
	say:   passes,
}, {
	name:  "every_reply_takes_four_seconds",
	do:    port25(tarpit(4 * time.Second)),
	proof: "mute",
	say:   passes,
}, {
	name:  "helo_only",
	do:    port25(lab.Answers("220 old ESMTP\r\n", map[string]string{"HELO": "250 old\r\n", "QUIT": "221 bye\r\n", "": "500 what?\r\n"})),
	proof: "hears '^220 old'",
	say:   passes,
}, {
	name:  "starttls_is_wanted_first",
	do:    port25(lab.Answers("220 strict ESMTP\r\n", map[string]string{"QUIT": "221 bye\r\n", "": "530 5.7.0 Must issue a STARTTLS command first\r\n"})),
	proof: "hears '^220 strict'",
	say:   passes,
}, {
	name:  "quit_closes_the_connection",
	do:    port25(lab.Answers("220 brief ESMTP\r\n", map[string]string{"EHLO": "250-brief\r\n250-8BITMIME\r\n250-X-ANONYMOUSTLS\r\n250 XFORWARD NAME\r\n", "QUIT": "-"})),
	proof: "hears '^220 brief'",
	say:   passes,
}, {
	name:  "quit_is_not_answered",
	ipv6:  true,
	do:    port25(lab.Answers("220 deaf ESMTP\r\n", map[string]string{"EHLO": "250 deaf\r\n"})),
	proof: "hears '^220 deaf'",
	say:   passes,
}, {
	name:  "lines_of_asterisks_in_a_greeting",
	do:    port25(lab.Says("220-mail ESMTP\r\n220-****************************\r\n220-* Authorised use only      *\r\n220 ****************************\r\n")),
	proof: "hears '^220-\\*\\*\\*\\*'",
	say:   passes,
}, {
	name: "mail_is_handed_on_by_a_router",
	ipv6: true,
	do: all(handedOn("$MAILPEER"),
		func(n *lab.Network) { n.Host("mailpeer").Serve(25, lab.Says(n.Expand("220 $NAME ESMTP\r\n"))) }),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "mail_has_a_time_to_live_of_its_own",
	do:    timeToLive("32"),
	proof: mailWorks,
	say:   passes,
}, {
	name:  "asterisks_in_a_greeting",
	do:    port25(lab.Says("220-mail ESMTP\r\n220-**** No unsolicited mail ****\r\n220 ready\r\n")),
	proof: "hears '\\*\\*\\*\\* No'",
	say:   passes,
}}

// tarpit lets each reply wait.
func tarpit(delay time.Duration) lab.Handler {
	return lab.Late(delay, func(ctx context.Context, conn net.Conn) {
		io.WriteString(conn, "220 tarpit ESMTP\r\n")
		buffer := make([]byte, 512)
		for range 4 {
			if _, err := conn.Read(buffer); err != nil {
				return
			}
			lab.Late(delay, func(context.Context, net.Conn) { io.WriteString(conn, "250 tarpit\r\n") })(ctx, conn)
		}
	})
}

// reverse gives the mail host's address a name, beside other records.
func reverse(name, lines string) func(*lab.Network) {
	return func(n *lab.Network) {
		arpa, err := dns.ReverseAddr(n.Host("mail").Addr().String())
		if err != nil {
			panic(err)
		}
		records("ptr-record=" + strings.TrimSuffix(arpa, ".") + "," + name + "\n" + lines)(n)
	}
}
