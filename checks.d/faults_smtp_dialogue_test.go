//go:build linux

package checks_test

import (
	"context"
	"io"
	"net"
	"time"

	"github.com/linecheck/linecheck/checks.d/internal/lab"
)

// overTLS speaks SMTP, or nothing, behind TLS.
func overTLS(then lab.Handler) func(*lab.Network) {
	return func(n *lab.Network) { n.Host("mail").Serve(25, n.TLS(then)) }
}

// Faults in what the mail service, or something in its place, says.
var smtpDialogueFaults = []trial{{
	name:  "smtp_over_tls_on_the_port",
	ipv6:  true,
	do:    overTLS(lab.Says("220 mail ESMTP\r\n")),
	proof: "mute",
	say:   fails("smtp", "smtp_expects_tls", "$NAME", "25"),
}, {
	name:  "smtp_over_tls_on_port_465",
	vars:  map[string]string{"smtp_port": "465"},
	do:    func(n *lab.Network) { n.Host("mail").Serve(465, n.TLS(lab.Says("220 mail ESMTP\r\n"))) },
	proof: "hears ^220",
	say:   fails("smtp", "smtp_expects_tls", "$NAME", "465"),
}, {
	name:  "a_tls_alert_on_the_port",
	do:    port25(lab.Says("\x15\x03\x01\x00\x02\x02\x46")),
	proof: "hears F",
	say:   fails("smtp", "smtp_expects_tls", "25"),
}, {
	name:  "tls_that_gives_silent_clients_up",
	do:    port25(func(ctx context.Context, conn net.Conn) { tlsOrLeave(ctx, conn) }),
	proof: "mute",
	say:   fails("smtp", "smtp_expects_tls", "25"),
}, {
	name:  "a_filter_breaks_a_greeting_of_several_lines",
	ipv6:  true,
	do:    port25(lab.Says("220-****************0**2***\r\n***************************\r\n220 ***********\r\n")),
	proof: "hears '^220-\\*'",
	say:   fails("smtp", "smtp_greeting_mangled", "220-****"),
}, {
	name:  "a_filter_masks_the_code's_hyphen",
	do:    port25(lab.Says("220*****************\r\n220 ****\r\n")),
	proof: "hears '^220\\*'",
	say:   fails("smtp", "smtp_greeting_mangled", "220****"),
}, {
	name:  "a_filter_masks_the_code",
	do:    port25(lab.Says("2** **2*****0********\r\n")),
	proof: "hears '^2\\*'",
	say:   fails("smtp", "smtp_greeting_mangled", "2** **2***"),
}, {
	name:  "a_filter_makes_two_greetings_of_one",
	do:    port25(lab.Says("220 *****************\r\n220 ***************\r\n")),
	proof: "hears '^220 \\*'",
	say:   fails("smtp", "smtp_greeting_mangled", "220 ****"),
}, {
	name:  "a_filter_masks_a_greeting_of_one_line",
	do:    port25(lab.Answers("220 ******************2******0*****\r\n", map[string]string{"EHLO": "500 unrecognized\r\n", "HELO": "250 mail\r\n", "QUIT": "221 bye\r\n"})),
	proof: "hears '^220 \\*'",
	say:   warns("smtp", "smtp_greeting_mangled", "220 ****"),
}, {
	name:  "a_filter_masks_extensions",
	do:    port25(lab.Answers("220 mail ESMTP\r\n", map[string]string{"EHLO": "250-mail\r\n250-SIZE 10240000\r\n250-XXXXXXXA\r\n250 XXXX\r\n", "QUIT": "221 bye\r\n"})),
	proof: "hears '^220 mail'",
	say:   warns("smtp", "smtp_greeting_mangled", "XXXXXXXA"),
}, {
	name:  "greeting_after_twelve_seconds",
	do:    port25(lab.Late(12*time.Second, lab.Says("220 slow ESMTP\r\n"))),
	twin:  "greeting_after_three_seconds",
	proof: "mute",
	say:   warns("smtp", "smtp_slow_greeting", "$NAME"),
}, {
	name:  "greeting_after_fifteen_seconds",
	ipv6:  true,
	do:    port25(lab.Late(15*time.Second, lab.Says("220 slower ESMTP\r\n"))),
	twin:  "greeting_after_three_seconds",
	proof: "mute",
	say:   warns("smtp", "smtp_slow_greeting", "$NAME"),
}, {
	name:  "ehlo_is_not_answered",
	ipv6:  true,
	do:    port25(lab.Answers("220 mail ESMTP\r\n", nil)),
	twin:  "quit_is_not_answered",
	proof: "hears '^220 mail'",
	say:   fails("smtp", "smtp_dialogue_stalls", "$NAME", "does not answer EHLO within"),
}, {
	name:  "ehlo_is_answered_after_twelve_seconds",
	do:    port25(lateToEHLO(12 * time.Second)),
	twin:  "ehlo_is_answered_after_three_seconds",
	proof: "hears '^220 mail'",
	say:   warns("smtp", "smtp_slow_greeting", "$NAME", "answers EHLO after 12"),
}, {
	name:  "ehlo_closes_the_connection",
	do:    port25(lab.Answers("220 mail ESMTP\r\n", map[string]string{"": "-"})),
	twin:  "quit_closes_the_connection",
	proof: "hears '^220 mail'",
	say:   fails("smtp", "smtp_dialogue_stalls", "$NAME", "closes the connection"),
}, {
	name:  "greeting_and_goodbye",
	do:    port25(func(_ context.Context, conn net.Conn) { io.WriteString(conn, "220 short ESMTP\r\n") }),
	proof: "hears '^220 short'",
	say:   fails("smtp", "smtp_dialogue_stalls", "$NAME", "closes the connection"),
}, {
	name:  "greeting_breaks_off",
	do:    port25(func(_ context.Context, conn net.Conn) { io.WriteString(conn, "220 mail.exa") }),
	proof: "hears '^220 mail.exa'",
	say:   fails("smtp", "smtp_no_greeting", "in the middle of its greeting"),
}, {
	name:  "ehlo_is_dropped_on_the_way",
	do:    filter("r2", "forward", "tcp dport 25 tcp flags & psh == psh drop"),
	proof: "hears ^220",
	say:   fails("smtp", "smtp_dialogue_stalls", "$NAME", "does not answer EHLO within"),
}, {
	name:  "ehlo_is_answered_with_noise",
	do:    port25(lab.Answers("220 mail ESMTP\r\n", map[string]string{"": "what?\r\n"})),
	proof: "hears '^220 mail'",
	say:   fails("smtp", "smtp_dialogue_stalls", "$NAME"),
}, {
	name:  "ehlo_is_answered_with_421",
	do:    port25(lab.Answers("220 busy ESMTP\r\n", map[string]string{"EHLO": "421 4.7.0 Too many connections\r\n", "": "-"})),
	proof: "hears '^220 busy'",
	say:   fails("smtp", "smtp_not_ready", "$NAME", "421 4.7.0 Too many connections"),
}, {
	name:  "a_filter_makes_ehlo_illegible",
	do:    port25(lab.Answers("220 hidden ESMTP\r\n", map[string]string{"EHLO": "500 5.5.1 Command unrecognized: \"XXXX\"\r\n", "HELO": "250 hidden\r\n", "QUIT": "221 bye\r\n"})),
	twin:  "helo_only",
	proof: "hears '^220 hidden'",
	say:   warns("smtp", "smtp_greeting_mangled", "$NAME", "EHLO"),
}, {
	name:  "ehlo_and_helo_are_refused",
	do:    port25(lab.Answers("220 mail ESMTP\r\n", map[string]string{"": "550 5.7.1 Invalid HELO name\r\n", "QUIT": "221 bye\r\n"})),
	twin:  "helo_only",
	proof: "hears '^220 mail'",
	say:   warns("smtp", "smtp_helo_refused", "Invalid HELO name"),
}, {
	name:  "ftp_on_the_port",
	do:    port25(lab.Answers("220 ProFTPD Server (Debian) [::ffff:192.0.2.1]\r\n", map[string]string{"": "500 EHLO not understood\r\n", "QUIT": "221 Goodbye.\r\n"})),
	proof: "hears '^220 ProFTPD'",
	say:   fails("smtp", "not_smtp", "ProFTPD", "not understood"),
}, {
	name:  "another_ftp_on_the_port",
	do:    port25(lab.Answers("220 (vsFTPd 3.0.3)\r\n", map[string]string{"": "530 Please login with USER and PASS.\r\n", "QUIT": "221 Goodbye.\r\n"})),
	twin:  "starttls_is_wanted_first",
	proof: "hears '^220 (vsFTPd'",
	say:   fails("smtp", "not_smtp", "vsFTPd", "Please login"),
}, {
	name:  "lmtp_on_the_port",
	do:    port25(lab.Answers("220 mail Dovecot LMTP ready\r\n", map[string]string{"": "502 5.5.2 Unknown command\r\n", "QUIT": "221 bye\r\n"})),
	proof: "hears '^220 mail Dovecot'",
	say:   fails("smtp", "not_smtp", "LMTP", "Unknown command"),
}, {
	name:  "pop3_on_the_port",
	do:    port25(lab.Answers("+OK Dovecot ready.\r\n", nil)),
	proof: "hears '^+OK'",
	say:   fails("smtp", "not_smtp", "+OK Dovecot ready."),
}, {
	name:  "imap_on_the_port",
	do:    port25(lab.Answers("* OK [CAPABILITY IMAP4rev1] ready.\r\n", nil)),
	proof: "hears 'OK .CAP'",
	say:   fails("smtp", "not_smtp", "* OK"),
}, {
	name:  "news_on_the_port",
	do:    port25(lab.Answers("200 news.example InterNetNews ready\r\n", map[string]string{"QUIT": "205 bye\r\n"})),
	proof: "hears '^200'",
	say:   fails("smtp", "not_smtp", "InterNetNews"),
}, {
	name:  "telnet_on_the_port",
	do:    port25(lab.Answers("\xff\xfd\x18\xff\xfd\x20\r\n*****************\r\n* login:", nil)),
	proof: "hears login",
	say:   fails("smtp", "not_smtp", "25"),
}, {
	name:  "asterisks_adorn_a_banner",
	do:    port25(lab.Answers("*********************\r\n* Authorised use only *\r\n", nil)),
	proof: "hears Authorised",
	say:   fails("smtp", "not_smtp", "*****"),
}, {
	name:  "http_that_waits_on_the_port",
	do:    port25(lab.SpeaksWhenSpokenTo("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")),
	proof: "mute",
	say:   fails("smtp", "not_smtp", "HTTP/1.1 400"),
}, {
	// A TLS hello provokes what turns early talkers away.
	name:  "greeting_after_twenty_seconds_and_none_for_early_talkers",
	do:    port25(turnsEarlyTalkersAway(20 * time.Second)),
	twin:  "early_talkers_are_turned_away",
	proof: "mute",
	say:   fails("smtp", "smtp_no_greeting", "$NAME", "554 5.7.1 pregreet"),
}, {
	name:  "two_dead_dns_servers_and_a_mail_service_that_hangs",
	do:    all(resolv("nameserver $SPARE\nnameserver $MAILSPARE\nnameserver $DNS\n"), port25(lab.Silent)),
	proof: "silent @$SPARE $NAME; silent @$MAILSPARE $NAME; mute",
	say:   fails("smtp", "smtp_no_greeting", "$NAME", "says nothing").after(warns("dns", "dns_slow_server", "$SPARE", "$MAILSPARE")),
}}

// tlsOrLeave reads a ClientHello for a while, and answers it with an alert.
func tlsOrLeave(_ context.Context, conn net.Conn) {
	conn.SetReadDeadline(time.Now().Add(time.Second))
	if _, err := conn.Read(make([]byte, 4096)); err == nil {
		conn.Write([]byte{0x15, 3, 3, 0, 2, 2, 40}) // fatal, handshake_failure (RFC 8446, 6)
	}
}

// turnsEarlyTalkersAway greets after a while whoever has said nothing until
// then, as Postfix's postscreen does.
func turnsEarlyTalkersAway(wait time.Duration) lab.Handler {
	return func(ctx context.Context, conn net.Conn) {
		conn.SetReadDeadline(time.Now().Add(wait))
		if n, _ := conn.Read(make([]byte, 4096)); n > 0 {
			io.WriteString(conn, "554 5.7.1 pregreet\r\n")
			return
		}
		conn.SetReadDeadline(time.Time{})
		lab.Says("220 mail ESMTP\r\n")(ctx, conn)
	}
}

// lateToEHLO answers the first command after a while.
func lateToEHLO(wait time.Duration) lab.Handler {
	return func(ctx context.Context, conn net.Conn) {
		io.WriteString(conn, "220 mail ESMTP\r\n")
		if n, _ := conn.Read(make([]byte, 4096)); n == 0 {
			return
		}
		select {
		case <-time.After(wait):
			lab.Answers("250 mail\r\n", map[string]string{"QUIT": "221 bye\r\n"})(ctx, conn)
		case <-ctx.Done():
		}
	}
}
