package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/zclconf/go-cty/cty"
	"go.uber.org/goleak"
)

func TestSMTPDialogueWords(t *testing.T) {
	used := map[string]bool{}
	for name, test := range map[string]struct {
		replies map[string]string
		want    string
	}{
		"EHLO":                 {ordinary, "completed"},
		"HELO":                 {map[string]string{"EHLO": "500 what?\r\n", "HELO": "250 mail\r\n"}, "completed"},
		"STARTTLS first":       {map[string]string{"EHLO": "530 5.7.0 Must issue a STARTTLS command first\r\n", "HELO": "530 5.7.0 Must issue a starttls command first\r\n"}, "tls_required"},
		"FTP":                  {map[string]string{"EHLO": "500 EHLO not understood\r\n", "HELO": "500 HELO not understood\r\n"}, "not_understood"},
		"FTP before its login": {map[string]string{"EHLO": "530 Please login with USER and PASS.\r\n", "HELO": "530 Please login with USER and PASS.\r\n"}, "not_understood"},
		"LMTP":                 {map[string]string{"EHLO": "502 5.5.2 Unknown command\r\n", "HELO": "502 5.5.2 Unknown command\r\n"}, "not_understood"},
		"a refusal":            {map[string]string{"EHLO": "550 bad name\r\n", "HELO": "550 bad name\r\n"}, "refused"},
		"not now":              {map[string]string{"EHLO": "421 shutting down\r\n"}, "not_now"},
		"silence":              {nil, "unanswered"},
		"noise":                {map[string]string{"EHLO": "hello\r\n"}, "garbled"},
		"a second greeting":    {map[string]string{"EHLO": "220 mail\r\n"}, "garbled"},
		"silence after HELO":   {map[string]string{"EHLO": "500 what?\r\n"}, "unanswered"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				result := mustAsk(t, "smtp", serving(smtpServer("220 mail\r\n", test.replies, nil)), "192.0.2.1", nil)
				want{"dialogue": test.want, "code": 220.0}.check(t, "result", result)
				time.Sleep(time.Minute) // until the server has noticed
			})
		})
		used[test.want] = true
	}
	synctest.Test(t, func(t *testing.T) {
		// Closed, and the check's time being up.
		closing := serving(func(conn net.Conn) { io.WriteString(conn, "220 mail\r\n"); conn.Read(make([]byte, 99)) })
		want{"dialogue": "closed"}.check(t, "closed", mustAsk(t, "smtp", closing, "192.0.2.1", nil))
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		result, err := ask(t, ctx, "smtp", serving(smtpServer("220 mail\r\n", nil, nil)), "192.0.2.1", nil)
		if err != nil {
			t.Fatal(err)
		}
		want{"dialogue": "unfinished", "code": 220.0}.check(t, "in three seconds", result)
		want{"dialogue": nil, "code": 554.0}.check(t, "another code", mustAsk(t, "smtp", serving(smtpServer("554 no\r\n", ordinary, nil)), "192.0.2.1", nil))
		time.Sleep(time.Minute)
	})
	used["closed"], used["unfinished"] = true, true
	sameWords(t, dialogueWords, used)
}

func TestSMTPMasked(t *testing.T) {
	t.Parallel() // it waits
	for _, test := range []struct {
		greeting, ehlo string
		want           any
	}{
		{"220 mail.example ESMTP\r\n", "250-mail.example\r\n250 XFORWARD NAME\r\n", nil},
		{"220 **************0*2******\r\n", "250 mail\r\n", "greeting"},
		{"220-****************\r\n***************\r\n220 ****\r\n", "", "greeting"},
		{"220-mail.example\r\n2**-*********\r\n", "", "greeting"},
		{"220****************\r\n", "", "greeting"},
		{"220-****************\r\n220 ****\r\n", "250 mail\r\n", "greeting"},
		{"220-****************\r\n220-* No spam *\r\n220 mail\r\n", "250 mail\r\n", nil},
		{"220-mail.example\r\n220 ****************\r\n", "250 mail\r\n", nil},
		{"220 mail\r\n", "500 5.5.1 Command unrecognized: \"XXXX [192.0.2.1]\"\r\n", "command"},
		{"220 mail\r\n", "500 5.5.1 Command unrecognized\r\n", nil},
		{"2** **2***2*******\r\n", "", "greeting"},
		{"220-**** No spam ****\r\n220 mail\r\n", "250 mail\r\n", nil},
		{"220 *** mail ***\r\n", "250 mail\r\n", nil},
		{"220 **\r\n", "250 mail\r\n", nil},
		{"******************\r\n", "", nil},
		{"* OK ****\r\n", "", nil},
		{"220 mail\r\n", "250-mail\r\n250-SIZE 1000\r\n250 XXXXXXXA\r\n", "extensions"},
		{"220 mail\r\n", "250-mail\r\n250-XXXX\r\n250 8BITMIME\r\n", "extensions"},
		{"220 mail\r\n", "250 XXXXXXXXXX\r\n", "extensions"},
		{"220 mail\r\n", "250-mail\r\n250-X-EXPS\r\n250-XXX\r\n250 XCLIENT\r\n", nil},
	} {
		result := mustAsk(t, "smtp", serving(smtpServer(test.greeting, map[string]string{"EHLO": test.ehlo, "QUIT": "221 bye\r\n"}, nil)), "192.0.2.1", nil)
		want{"masked": test.want}.check(t, test.greeting+test.ehlo, result)
	}
}

// A port that says nothing is spoken to once more, in TLS.
func TestSMTPExpectsTLS(t *testing.T) {
	config := &tls.Config{Certificates: []tls.Certificate{certify(t, time.Now().Add(time.Hour), "mail.example")}}
	for name, test := range map[string]struct {
		serve func(net.Conn)
		want  want
	}{
		"TLS": {func(conn net.Conn) { tls.Server(conn, config).Handshake() }, want{"expects_tls": true, "provoked": nil, "is_smtp": false, "greeting": nil}},
		"an alert": {func(conn net.Conn) {
			conn.Read(make([]byte, 4096))
			io.WriteString(conn, "\x15\x03\x03\x00\x02\x02\x28")
		}, want{"expects_tls": true, "provoked": nil}},
		"an alert unasked": {func(conn net.Conn) { io.WriteString(conn, "\x15\x03\x01\x00\x02\x02\x46") }, want{"expects_tls": true, "greeting": `\x15\x03\x01\x00\x02\x02F`}},
		"HTTP": {func(conn net.Conn) {
			conn.Read(make([]byte, 4096))
			io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\n")
		}, want{"expects_tls": false, "provoked": "HTTP/1.1 400 Bad Request"}},
		"silence":            {silentServer, want{"expects_tls": false, "provoked": nil}},
		"closed at once":     {func(net.Conn) {}, want{"expects_tls": false, "provoked": nil, "closed_early": true}},
		"SMTP":               {smtpServer("220 mail\r\n", ordinary, nil), want{"expects_tls": false, "provoked": nil}},
		"something else":     {smtpServer("SSH-2.0-x\r\n", nil, nil), want{"expects_tls": false, "provoked": nil}},
		"a beginning of TLS": {func(conn net.Conn) { io.WriteString(conn, "\x16") }, want{"expects_tls": false}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 17*time.Second)
				defer cancel()
				result, err := ask(t, ctx, "smtp", serving(test.serve), "192.0.2.1", nil)
				if err != nil {
					t.Fatal(err)
				}
				test.want.check(t, "result", result)
				time.Sleep(time.Minute) // until the server has noticed
			})
		})
	}
}

// Every address is tried, and the first in order that accepts is spoken with.
func TestSMTPAddresses(t *testing.T) {
	refused := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	silent := errors.New("silent") // until the attempt's time is up
	row := func(address string, connected, refused, timedOut bool, local any) map[string]any {
		icmp := noICMP
		if refused || timedOut { // a dial of the world's own shows no errors
			icmp = map[string]any{"type": unknown, "code": unknown, "name": unknown, "sender": unknown, "mtu": unknown}
		}
		return map[string]any{"address": address, "connected": connected, "refused": refused, "timed_out": timedOut, "local_error": local, "icmp": icmp}
	}
	for name, test := range map[string]struct {
		outcomes []error // of 192.0.2.1, 192.0.2.2 …; nil: it accepts
		want     want
		took     time.Duration
	}{
		"both accept": {[]error{nil, nil}, want{"address": "192.0.2.1", "code": 220.0, "attempts": []any{
			row("192.0.2.1", true, false, false, nil), row("192.0.2.2", true, false, false, nil)}}, 0},
		"the first refuses": {[]error{refused, nil}, want{"address": "192.0.2.2", "code": 220.0, "attempts": []any{
			row("192.0.2.1", false, true, false, nil), row("192.0.2.2", true, false, false, nil)}}, 0},
		"the first is silent": {[]error{silent, nil}, want{"address": "192.0.2.2", "code": 220.0, "greeting_ms": 250.0, "attempts": []any{
			row("192.0.2.1", false, false, true, nil), row("192.0.2.2", true, false, false, nil)}}, netconn.Patience},
		"the last is silent": {[]error{nil, nil, silent}, want{"address": "192.0.2.1", "code": 220.0, "attempts": []any{
			row("192.0.2.1", true, false, false, nil), row("192.0.2.2", true, false, false, nil), row("192.0.2.3", false, false, true, nil)}}, netconn.Patience},
		"no way to the last": {[]error{nil, &net.OpError{Op: "dial", Err: syscall.ENETUNREACH}}, want{"address": "192.0.2.1", "code": 220.0, "attempts": []any{
			row("192.0.2.1", true, false, false, nil), row("192.0.2.2", false, false, false, "no_route")}}, 0},
		"none accepts": {[]error{silent, refused}, want{"address": "192.0.2.2", "connected": false, "refused": true, "code": nil, "attempts": []any{
			row("192.0.2.1", false, false, true, nil), row("192.0.2.2", false, true, false, nil)}}, netconn.Patience},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
				accept := serving(smtpServer("220 mail\r\n", ordinary, nil)).Dial
				addresses := []string{}
				for i := range test.outcomes {
					addresses = append(addresses, netip.AddrFrom4([4]byte{192, 0, 2, byte(1 + i)}).String())
				}
				w := &engine.World{Lookup: hosts(map[string][]string{"mail.example": addresses}), Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
					host, _, _ := strings.Cut(address, ":")
					switch err := test.outcomes[host[len(host)-1]-'1']; err {
					case nil:
						return accept(ctx, network, address)
					case silent:
						<-ctx.Done()
						return nil, &net.OpError{Op: "dial", Err: ctx.Err()}
					default:
						return nil, err
					}
				}}
				began := time.Now()
				test.want.check(t, "result", mustAsk(t, "smtp", w, "mail.example", map[string]cty.Value{"port": number(25)}))
				if took := time.Since(began); took != test.took {
					t.Errorf("took %v, want %v", took, test.took)
				}
				synctest.Wait()
			})
		})
	}
}
