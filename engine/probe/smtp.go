package probe

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

var smtpKind = &rules.Kind{
	Name: "smtp",
	Doc: "Connects to a mail server, waits for its greeting (RFC 5321, 4.2 and 4.3.1), says EHLO if the code is 220, and takes its leave with QUIT. " +
		"A connection attempt is given up after 5 s, a greeting is waited for 10 s.",
	ByHand:    "nc -C {target} {port} (wait for the greeting, then type QUIT)",
	TargetDoc: "Name or address of the mail server. The addresses of a name are tried one after another, in the system's order, until one accepts; a name that has none is an error.",
	Args: []rules.Attribute{
		{Name: "port", Type: cty.Number, Check: wholeNumber(1, 65535), Default: cty.NumberIntVal(25),
			Doc: "Port to connect to, from 1 to 65535."},
		{Name: "ehlo", Type: cty.String, Check: ehloName,
			Doc: "Name to introduce ourselves with. Left out, it is the own address of the connection as a literal, [192.0.2.1], as RFC 5321, 4.1.4 has it."},
		{Name: "starttls", Type: cty.String, Check: oneOf("off", "try", "require"), Default: cty.StringVal("off"),
			Doc: `What to do about STARTTLS (RFC 3207): "off" only notes whether it is offered, "try" uses it where it is offered, "require" asks for it even where it is not offered (an offer may have been stripped on the way).`},
		{Name: "server_name", Type: cty.String,
			Doc: "Name that the certificate must have and that is sent as server name indication. Left out, it is the target."},
	},
	Result: []rules.Attribute{
		{Name: "connected", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the TCP connection was established. The kernel accepts for a program that is stopped or busy as well: see greeting."},
		{Name: "refused", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the attempt was answered with a refusal: with icmp.type null it was the host's own reset (no program listens on the port), otherwise an ICMP error of icmp.sender."},
		{Name: "timed_out", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the dialogue ended because the other side stayed silent: when connected is false it did not answer the attempt, when greeting is null it accepted and then said nothing."},
		{Name: "address", Type: cty.String,
			Doc: "The address that decided: the one that accepted, else the one whose failure is reported here (an answer weighs more than silence, an earlier address more than a later)."},
		{Name: "is_smtp", Type: cty.Bool, NeverNull: true,
			Doc: "Whether a well-formed SMTP reply came where the greeting should be. False with greeting null: nothing came at all; false with a greeting: what came is not SMTP."},
		{Name: "code", Type: cty.Number, Least: cty.Zero, Most: cty.NumberIntVal(999),
			Doc: "Reply code of the greeting (RFC 5321, 4.2.1): 220 ready, 4xx not now, 5xx no service. Null when there was no greeting or it is not SMTP."},
		{Name: "greeting", Type: cty.String,
			Doc: "What was received where the greeting should be, SMTP or not, on one line: inner line ends as \\n, bytes that are not text as \\xNN, at most 512 characters. Null when not one byte came."},
		{Name: "ehlo_name", Type: cty.String,
			Doc: "The name with which the server answered EHLO (or HELO, where it knows no EHLO); null when the dialogue did not get so far."},
		{Name: "extensions", Type: cty.List(cty.String), NeverNull: true,
			Doc: `The service extensions that the server announced last, upper case with their parameters, such as "SIZE 10240000". Empty when there are none or the dialogue did not get so far.`},
		{Name: "tls", Doc: "What STARTTLS gave. Whether the certificate is trusted decides nothing: the dialogue goes on either way.", Attrs: []rules.Attribute{
			{Name: "offered", Type: cty.Bool, NeverNull: true,
				Doc: "Whether the first EHLO reply lists STARTTLS."},
			{Name: "version", Type: cty.String,
				Doc: `Protocol that was agreed on, such as "TLS 1.3"; null without a session, unknown with starttls "off".`},
			{Name: "names", Type: cty.List(cty.String), NeverNull: true,
				Doc: `Host names and addresses of the certificate (RFC 5280, 4.2.1.6); empty without one, unknown with starttls "off".`},
			{Name: "expires_in_days", Type: cty.Number,
				Doc: `Whole days until the certificate expires, negative once it has; null without a certificate, unknown with starttls "off".`},
			{Name: "verified", Type: cty.Bool, NeverNull: true,
				Doc: `Whether the certificate has the expected name, is valid now and is trusted by this computer; false without a session, unknown with starttls "off".`},
			{Name: "problem", Type: cty.String,
				Doc: `Why there is no session or why the certificate is not verified; null when all is well, unknown with starttls "off".`},
		}},
		{Name: "connect_ms", Type: cty.Number, Least: cty.Zero,
			Doc: "Milliseconds that the TCP handshake took; null without a connection."},
		{Name: "greeting_ms", Type: cty.Number, Least: cty.Zero,
			Doc: "Milliseconds from the established connection to the end of the greeting; null when is_smtp is false."},
		{Name: "total_ms", Type: cty.Number, NeverNull: true, Least: cty.Zero,
			Doc: "Milliseconds that the whole dialogue took, from the first connection attempt on."},
		{Name: "closed_early", Type: cty.Bool, NeverNull: true,
			Doc: "Whether the server ended the connection while a greeting or a reply of it was awaited. A server that closes after a greeting of 4xx or 5xx has not closed early."},
		localErrorAttribute,
		icmpAttribute,
	},
}

func observeSMTP(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
	r := newResult(smtpKind)
	c, err := connectTarget(ctx, w, endpoint{host: q.Target, port: uint16(intArg(q.Args["port"]))})
	if err != nil {
		return cty.NilVal, err
	}
	if c.cut {
		return r.value(), nil
	}
	c.set(r)
	d := &smtpDialogue{
		ctx:        ctx,
		ehlo:       stringArg(q.Args["ehlo"]),
		starttls:   stringArg(q.Args["starttls"]),
		serverName: cmp.Or(stringArg(q.Args["server_name"]), strings.TrimSuffix(q.Target, ".")),
	}
	if c.conn != nil {
		d.hold(c.conn)
	}
	d.set(r, c.timedOut)
	if !d.cut {
		r.set("total_ms", milliseconds(time.Since(c.began)))
	}
	return r.value(), nil
}
