//go:build linux

package checks_test

import (
	"slices"
	"time"

	"github.com/linecheck/linecheck/checks.d/internal/lab"
)

var smtpFaults = slices.Concat(smtpPathFaults, smtpNameFaults, smtpServiceFaults, smtpDialogueFaults)

// Faults of the mail service, and of what lets nothing of it through.
var smtpServiceFaults = []trial{{
	name:  "postfix_stopped",
	ipv6:  true,
	do:    func(n *lab.Network) { n.Host("mail").StopMail() },
	proof: "hears refused",
	say:   fails("smtp", "smtp_refused", "$MAIL", "25"),
}, {
	name:  "the_way_down_without_a_mail_gateway",
	ipv6:  true,
	from:  "mail",
	proof: "alive $MAIL; hears ^220",
	say:   fails("smtp", "smtp_refused", "$GW", "25"),
}, {
	name:  "wrong_smtp_port",
	vars:  map[string]string{"smtp_port": "2525"},
	proof: "hears '^220 '",
	say:   fails("smtp", "smtp_refused", "$MAIL", "2525"),
}, {
	name:  "smtp_dropped_by_the_host",
	ipv6:  true,
	do:    filter("mail", "input", "tcp dport 25 drop"),
	proof: "alive $MAIL; mute",
	say:   fails("smtp", "smtp_filtered", "$MAIL", "25"),
}, {
	name:  "smtp_dropped_on_the_way",
	do:    filter("r2", "forward", "tcp dport 25 drop"),
	proof: "alive $MAIL; mute",
	say:   fails("smtp", "smtp_filtered", "$MAIL", "25"),
}, {
	name:  "smtp_dropped_by_our_own_firewall",
	do:    filter("gw", "output", "tcp dport 25 drop"),
	proof: "alive $MAIL; mute",
	say:   fails("smtp", "local_filter", "$NAME", "25"),
}, {
	name:  "smtp_prohibited_on_the_way",
	ipv6:  true,
	do:    filter("r2", "forward", "tcp dport 25 reject with $ICMP type admin-prohibited"),
	proof: "alive $MAIL; hears 'No route to host\\|Permission denied'",
	say:   fails("smtp", "smtp_prohibited", "$R2", "25"),
}, {
	name:  "smtp_rejected_on_the_way_as_if_closed",
	ipv6:  true,
	do:    filter("r2", "forward", "tcp dport 25 reject with $ICMP type port-unreachable"),
	proof: "alive $MAIL; hears 'refused'",
	say:   fails("smtp", "smtp_prohibited", "$R2", "25"),
}, {
	name:  "smtp_prohibited_by_the_host",
	do:    filter("mail", "input", "tcp dport 25 reject with $ICMP type admin-prohibited"),
	proof: "alive $MAIL; hears 'No route to host'",
	say:   fails("smtp", "smtp_prohibited", "$MAIL", "25"),
}, {
	name:  "smtp_return_packets_dropped",
	ipv6:  true,
	do:    filter("r2", "forward", "tcp sport 25 tcp flags & (syn | ack) == syn | ack drop"),
	proof: "alive $MAIL; mute",
	say:   fails("smtp", "smtp_filtered", "$MAIL", "25"),
}, {
	name:  "smtp_data_dropped",
	do:    filter("r2", "forward", "tcp sport 25 tcp flags & psh == psh drop"),
	proof: "alive $MAIL; mute; timeout 2 bash -c 'exec 3<>/dev/tcp/$MAIL/25'",
	say:   fails("smtp", "smtp_no_greeting", "$NAME", "25"),
}, {
	name:  "smtp_silent",
	ipv6:  true,
	do:    port25(lab.Silent),
	proof: "mute",
	say:   fails("smtp", "smtp_no_greeting", "$NAME", "25"),
}, {
	name:  "smtp_closed_at_once",
	do:    port25(lab.Close),
	proof: "mute",
	say:   fails("smtp", "smtp_no_greeting", "$NAME", "25"),
}, {
	name:  "smtp_421",
	ipv6:  true,
	do:    port25(lab.Says("421 4.3.2 All server ports are busy\r\n")),
	proof: "hears ^421",
	say:   fails("smtp", "smtp_not_ready", "421 4.3.2 All server ports are busy"),
}, {
	name:  "smtp_450",
	do:    port25(lab.Says("450 4.7.1 Come back later\r\n")),
	proof: "hears ^450",
	say:   fails("smtp", "smtp_not_ready", "450 4.7.1 Come back later"),
}, {
	name:  "smtp_554",
	do:    port25(lab.Says("554 5.7.1 You are not welcome here\r\n")),
	proof: "hears ^554",
	say:   fails("smtp", "smtp_refuses_service", "554 5.7.1 You are not welcome here"),
}, {
	name:  "ssh_on_the_port",
	do:    port25(lab.Says("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n")),
	proof: "hears ^SSH",
	say:   fails("smtp", "not_smtp", "SSH-2.0-OpenSSH_9.2p1"),
}, {
	name:  "http_on_the_port",
	do:    port25(lab.HTTP(time.Second)),
	proof: "hears ^HTTP",
	say:   fails("smtp", "not_smtp", "HTTP/1.1 4"),
}, {
	name:  "binary_noise_on_the_port",
	do:    port25(lab.Says("\x00\xff\x16\x03\x01\x02\x00\x1b[2J\x80\x81\n\x00\r\x07")),
	proof: "hears '\\['",
	say:   fails("smtp", "not_smtp", "25"),
}, {
	name:  "endless_line_on_the_port",
	do:    port25(lab.EndlessLine("220 ")),
	proof: "hears xxxxxx",
	say:   fails("smtp", "not_smtp", "25"),
}, {
	name:  "postfix_paused",
	ipv6:  true,
	do:    func(n *lab.Network) { n.Host("mail").PauseMail() },
	proof: "mute",
	say:   fails("smtp", "smtp_no_greeting", "$NAME", "25"),
}, {
	name: "postfix_at_its_process_limit",
	do: func(n *lab.Network) {
		n.Host("mail").StartMail(lab.Mail{ProcessLimit: 1})
		n.Host("mail").OccupyMail(1)
	},
	proof: "mute",
	say:   fails("smtp", "smtp_no_greeting", "$NAME", "25"),
}}

var logFaults = []trial{{
	name:  "greeting_not_logged",
	vars:  map[string]string{"smtp_log": "$DIR/smtp.log"},
	do:    on("gw", "echo 'Nov 24 06:00:01 gw smtp: connect to mail: timed out' >$DIR/smtp.log"),
	proof: "! grep 220 $DIR/smtp.log",
	say:   fails("smtp_log", "greeting_not_logged", "$DIR/smtp.log"),
}, {
	name: "log_holds_220_in_other_lines",
	vars: map[string]string{"smtp_log": "$DIR/smtp.log"},
	do: on("gw", `echo 'Nov 24 06:00:01 gw smtp: connect to 10.1.1.220 port 25: Connection timed out; queued 220 messages
Nov 24 06:00:02 gw smtp: deferred, delay=220 -- connection refused' >$DIR/smtp.log`),
	twin:  "greeting_is_logged",
	proof: "grep 220 $DIR/smtp.log",
	say:   fails("smtp_log", "greeting_not_logged", "$DIR/smtp.log"),
}, {
	name: "no_log_file",
	vars: map[string]string{"smtp_log": "$DIR/smtp.log"},
	say:  fails("smtp_log", "", "$DIR/smtp.log"),
}}
