package probe

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/ipaddr"
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

var smtpKind = &language.Kind{
	Name: "smtp",
	Doc: "Connects to a mail server, waits for its greeting (RFC 5321, 4.2 and 4.3.1), says EHLO if the code is 220, and takes its leave with QUIT. " +
		"Connecting is given up after 5 s; greeting and reply to EHLO are waited for as the check's time allows. " +
		"Where a name has several addresses, all of them are connected to side by side, and the first in the system's order that accepts is spoken with. " +
		"Where nothing is said at all, a second connection tries whether the port expects TLS.",
	ByHand:     "nc -C {target} {port} (wait for the greeting, then type QUIT)",
	TargetDoc:  "Name or address of the mail server; a name that has no address is an error.",
	TargetHost: true,
	Args: []language.Attribute{
		{Name: "port", Type: cty.Number, Domain: language.WholeBetween(1, 65535), Default: cty.NumberIntVal(25),
			Doc: "Port to connect to, from 1 to 65535."},
		{Name: "ehlo", Type: cty.String, Domain: language.Judged(ehloName),
			Doc: "Name to introduce ourselves with. Left out, it is the own address of the connection as a literal, [192.0.2.1], as RFC 5321, 4.1.4 has it."},
		{Name: "starttls", Type: cty.String, Domain: language.OneOf("off", "try", "require"), Default: cty.StringVal("off"),
			Doc: `What to do about STARTTLS (RFC 3207): "off" only notes whether it is offered, "try" uses it where it is offered, "require" asks for it even where it is not offered (an offer may have been stripped on the way).`},
		{Name: "server_name", Type: cty.String,
			Doc: "Name that the certificate must have and that is sent as server name indication. Left out, it is the target."},
	},
	Result: []language.Attribute{
		{Name: "connected", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the TCP connection was established. The kernel accepts for a program that is stopped or busy as well: see greeting."},
		{Name: "refused", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the attempt was answered with a refusal: with icmp.type null it was a reset, of the host (no program listens on the port) or forged in its name on the way, otherwise an ICMP error of icmp.sender."},
		{Name: "timed_out", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the dialogue ended because the other side stayed silent: when connected is false it did not answer the attempt, when greeting is null it accepted and then said nothing."},
		{Name: "address", Type: cty.String, NeverNull: true, Domain: anAddress,
			Doc: "The address that decided: the one that accepted, else the one whose failure is reported here (an answer weighs more than silence, an earlier address more than a later)."},
		{Name: "attempts", List: true,
			Doc: "How connecting to each of the name's addresses ended, in the system's order, at most 16 of them. Unknown where the name could not be looked up in time.",
			Attrs: []language.Attribute{
				{Name: "address", Type: cty.String, NeverNull: true, Domain: anAddress, Doc: "The address."},
				{Name: "connected", Type: cty.Bool, NeverNull: true, Doc: "Whether it took the connection."},
				{Name: "refused", Type: cty.Bool, NeverNull: true, Doc: "Whether it was answered with a refusal, see refused."},
				{Name: "timed_out", Type: cty.Bool, NeverNull: true, Doc: "Whether nothing answered."},
				localErrorAttribute,
				icmpAttribute,
			},
			Never: slices.Concat(neverAttempted, []language.Contradiction{excludes(isTrue("timed_out"), isTrue("connected"), there("local_error"))}),
		},
		{Name: "answered_here", Type: cty.String, Domain: language.OneOf("own_address", "own_socket", "own_firewall"),
			Doc: `How this computer itself is the other end: "own_address" (address is one of its own), "own_socket" (the connection ends at a socket of this computer, by a redirect in its firewall) or "own_firewall" (its firewall resets the attempt before it leaves). The latter two are seen on Linux only. Null when it is not.`},
		{Name: "icmp_origin", Type: cty.String, Domain: language.OneOf("this_computer", "target", "other"),
			Doc: `Who sent the ICMP error: "this_computer" (its own kernel), "target" (the address that was connected to) or "other" (a router, a firewall). Null when none was seen.`},
		{Name: "is_smtp", Type: cty.Bool, NeverNull: true,
			Doc: "Whether a well-formed SMTP reply came where the greeting should be. False with greeting null: nothing came at all; false with a greeting: what came is not SMTP."},
		{Name: "code", Type: cty.Number, Domain: language.WholeBetween(200, 599),
			Doc: "Reply code of the greeting (RFC 5321, 4.2.1): 220 ready, 4xx not now, 5xx no service. Null when there was no greeting or it is not SMTP."},
		{Name: "greeting", Type: cty.String, Domain: aLine,
			Doc: "What was received where the greeting should be, SMTP or not, on one line: inner line ends as \\n, bytes that are not text as \\xNN, at most 512 characters. Null when not one byte came."},
		{Name: "masked", Type: cty.String, Domain: language.OneOf(maskedWords...),
			Doc: `What was made illegible on the way, as some firewalls do: "greeting" (it is asterisks, or has a line of them in place of a code), "command" (the reply to EHLO quotes it as XXXX, which the server does not know) or "extensions" (the reply to EHLO has keywords of X only). Null when nothing was.`},
		{Name: "expects_tls", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the port speaks TLS from the first byte on (RFC 8314): it sent a TLS record, or was silent and answered a ClientHello with one. Unknown where it was silent and could not be tried."},
		{Name: "provoked", Type: cty.String, Domain: aLine,
			Doc: "What came on one line, when nothing had come unasked, in answer to a TLS ClientHello, and was not TLS: services in which the client speaks first answer so. Null when nothing came, or nothing was sent."},
		{Name: "greeting_name", Type: cty.String, Domain: aHostName,
			Doc: "The host name with which the greeting begins (RFC 5321, 4.2), in lower case; null where it begins with none."},
		{Name: "greeting_relation", Type: cty.String, Domain: language.OneOf(identityWords...),
			Doc: `How that name is related to the target: "name" (the same as the target or its first label, its canonical name or a name of the address), "domain" (of the same registered domain as one of these), "address" (it has the address that was connected to), "elsewhere" (of another domain, and its addresses are others), "unknown_name" (of another domain, and the DNS says that it has no address), "unresolved" (of another domain, and no answer about it came). Null where it is none of these and nothing can be compared: no name of three labels or more, a private name such as exch.corp.local, or a target without a public name.`},
		{Name: "answered_nearer", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the connection is answered at a smaller distance than pings to the same address get: somebody on the way answers in the host's name. False where that was not seen; looked at on Linux, where greeting_relation is null, elsewhere, unknown_name or unresolved."},
		{Name: "nearer_hop", Type: cty.Number, Domain: language.WholeBetween(1, 255),
			Doc: "Distance (time to live) at which the connection is answered where answered_nearer holds; null elsewhere."},
		{Name: "nearer_router", Type: cty.String, Domain: anAddress,
			Doc: "The router that reports pings of that distance expired; null where none does, or answered_nearer does not hold."},
		{Name: "greeting_addresses", Type: cty.List(cty.String), NeverNull: true, Domain: language.ListOf(anAddress),
			Doc: "The addresses of greeting_name; unknown where it was not looked up, since it is of the target's domain or nothing can be compared."},
		{Name: "dialogue", Type: cty.String, Domain: language.OneOf(dialogueWords...),
			Doc: `What came of EHLO, or HELO where that is not known, after a greeting of 220: "completed" (accepted), "tls_required" (530, STARTTLS wanted first), "not_understood" (500, 502 or 530: no mail server, which must know HELO), "not_now" (421: it closes the connection), "refused" (another 4xx or 5xx), "unanswered" (for as long as the check's time allowed, 9 s at least), "closed" (the connection), "garbled" (an answer that is not SMTP, or none to EHLO) or "unfinished" (the check's time was up). Null without a greeting of 220.`},
		{Name: "ehlo_ms", Type: cty.Number, Domain: language.NumberFrom(0),
			Doc: "Milliseconds from EHLO to the reply (with HELO, to the reply to that), or for which it was waited in vain; null without a greeting of 220."},
		{Name: "ehlo_reply", Type: cty.String, Domain: aLine,
			Doc: "The last reply to EHLO or HELO, on one line, as greeting has it; null when none came."},
		{Name: "ehlo_name", Type: cty.String,
			Doc: "The name with which the server answered EHLO (or HELO, where it knows no EHLO); null when the dialogue did not get so far."},
		{Name: "extensions", Type: cty.List(cty.String), NeverNull: true,
			Doc: `The service extensions that the server announced last, upper case with their parameters, such as "SIZE 10240000". Empty when there are none or the dialogue did not get so far.`},
		{Name: "tls", Doc: "What STARTTLS gave. Whether the certificate is trusted decides nothing: the dialogue goes on either way.", Attrs: []language.Attribute{
			{Name: "offered", Type: cty.Bool, NeverNull: true,
				Doc: "Whether the first EHLO reply lists STARTTLS."},
			{Name: "version", Type: cty.String, Domain: aTLSVersion,
				Doc: `Protocol that was agreed on, such as "TLS 1.3"; null without a session, unknown with starttls "off".`},
			{Name: "names", Type: cty.List(cty.String), NeverNull: true,
				Doc: `Host names and addresses of the certificate (RFC 5280, 4.2.1.6); empty without one, unknown with starttls "off".`},
			{Name: "expires_in_days", Type: cty.Number, Domain: language.WholeBetween(-mostDays, mostDays),
				Doc: `Whole days until the certificate expires, negative once it has; null without a certificate, unknown with starttls "off".`},
			{Name: "verified", Type: cty.Bool, NeverNull: true,
				Doc: `Whether the certificate has the expected name, is valid now and is trusted by this computer; false without a session, unknown with starttls "off".`},
			{Name: "problem", Type: cty.String,
				Doc: `Why there is no session or why the certificate is not verified; null when all is well, unknown with starttls "off".`},
		}, Never: []language.Contradiction{
			excludes(none("version"), filled("names"), there("expires_in_days"), isTrue("verified")),
			excludes(there("version"), none("expires_in_days")),
			excludes(isTrue("verified"), there("problem")),
			excludes(isFalse("verified"), none("problem")),
			// What is not offered may be there all the same, for who insists.
			excludes(isOther("argument.starttls", "require"), both(isFalse("offered"), there("version"))),
			excludes(is("argument.starttls", "off"), there("version"), filled("names"), there("expires_in_days"), isTrue("verified"), there("problem")),
		}},
		{Name: "connect_ms", Type: cty.Number, Domain: language.NumberFrom(0),
			Doc: "Milliseconds that the TCP handshake took; null without a connection."},
		{Name: "greeting_ms", Type: cty.Number, Domain: language.NumberFrom(0),
			Doc: "Milliseconds from the established connection to the end of the greeting; null when is_smtp is false."},
		{Name: "total_ms", Type: cty.Number, NeverNull: true, Domain: language.NumberFrom(0),
			Doc: "Milliseconds that the whole dialogue took, from the first connection attempt on."},
		{Name: "closed_early", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the server ended the connection while a greeting or a reply of it was awaited. A server that closes after a greeting of 4xx or 5xx has not closed early."},
		localErrorAttribute,
		icmpAttribute,
	},
	Never: slices.Concat(neverConnected, []language.Contradiction{
		excludes(isFalse("connected"), isTrue("is_smtp"), there("greeting"), isTrue("expects_tls"), there("provoked"), isTrue("closed_early"),
			isTrue("answered_nearer"), is("answered_here", "own_socket")),
		excludes(isTrue("connected"), there("icmp_origin"), is("answered_here", "own_firewall")),
		excludes(none("icmp.type"), there("icmp_origin")),
		excludes(hasICMPError("icmp"), none("icmp_origin")),
		excludes(isFalse("is_smtp"), there("code"), there("greeting_ms"), there("greeting_name"), there("dialogue")),
		excludes(isTrue("is_smtp"), none("code"), none("greeting_ms"), none("greeting"), isTrue("expects_tls")),
		excludes(none("greeting"), there("masked")),
		excludes(there("provoked"), there("greeting"), isTrue("expects_tls")),
		excludes(isFalse("answered_nearer"), there("nearer_hop"), there("nearer_router")),
		excludes(isTrue("answered_nearer"), none("nearer_hop")),
		excludes(ofNumber("code", func(code float64) bool { return code != smtpReady }), there("dialogue"), there("ehlo_ms")),
		excludes(ofNumber("code", func(code float64) bool { return code == smtpReady }), none("dialogue"), none("ehlo_ms")),
		excludes(none("dialogue"), there("ehlo_ms"), there("ehlo_reply"), there("ehlo_name"), filled("extensions"), isTrue("tls.offered"), there("tls.version")),
		excludes(isOther("dialogue", "completed"), there("ehlo_name"), filled("extensions"), isTrue("tls.offered"), there("tls.version")),
		excludes(more("connect_ms", "total_ms")), excludes(more("greeting_ms", "total_ms")), excludes(more("ehlo_ms", "total_ms")),
	}),
}

func observeSMTP(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
	r := newResult(smtpKind)
	port := uint16(intArg(q.Args["port"]))
	all, err := connectAll(ctx, w, netconn.Endpoint{Host: q.Target, Port: port})
	if err != nil {
		return cty.NilVal, err
	}
	defer all.finish()
	c, err := all.choose()
	if err != nil {
		return cty.NilVal, err
	}
	if c.Cut {
		return r.value(), nil
	}
	setTarget(r, c)
	r.set("answered_here", nil)
	switch {
	case ipaddr.IsOwn(c.Address):
		r.set("answered_here", "own_address")
	case c.Conn != nil && w.Dial == nil && otherEndIsHere(c.Conn):
		r.set("answered_here", "own_socket")
	case c.Refused && c.ICMP == nil && w.Dial == nil && refusedHere(ctx, netip.AddrPortFrom(c.Address, port)):
		r.set("answered_here", "own_firewall")
	}
	if c.ICMPObserved {
		r.set("icmp_origin", nullIfEmpty(icmpOrigin(c)))
	}
	d := &smtpDialogue{
		ctx:        ctx,
		ehlo:       stringArg(q.Args["ehlo"]),
		starttls:   stringArg(q.Args["starttls"]),
		serverName: cmp.Or(stringArg(q.Args["server_name"]), strings.TrimSuffix(q.Target, ".")),
		identify: func(ctx context.Context, name string) greetingIdentity {
			return identify(ctx, w, name, strings.TrimSuffix(q.Target, "."), netip.AddrPortFrom(c.Address, port))
		},
	}
	if c.Conn != nil {
		d.established = all.taken.ended
		d.hold(c.Conn)
	}
	d.set(r, c.TimedOut)
	all.finish()
	r.set("attempts", all.fields())
	if !d.cut {
		d.setTLSFirst(r, func() silentPort { return speakFirst(ctx, w, netip.AddrPortFrom(c.Address, port), d.serverName) })
		r.set("total_ms", milliseconds(time.Since(c.Began)))
	}
	return r.value(), nil
}

// icmpOrigin is who sent the error that ended the attempt; "" for none.
func icmpOrigin(c *netconn.TargetConnection) string {
	switch {
	case c.ICMP == nil:
		return ""
	case c.ICMP.Sender.WithZone("") == c.Address.WithZone(""):
		return "target"
	case ipaddr.IsOwn(c.ICMP.Sender):
		return "this_computer"
	}
	return "other"
}

func summariseSMTP(result cty.Value) string {
	o := observed{result}
	said := "connected, no greeting"
	if code := o.text("code"); code != "" {
		said = code + o.ms("greeting_ms")
	} else if greeting := o.text("greeting"); greeting != "" {
		said = "connected, no SMTP greeting"
	}
	return summariseConnection(o, said)
}
