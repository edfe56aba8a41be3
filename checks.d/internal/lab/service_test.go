//go:build linux

package lab

import (
	"bufio"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// dial connects from the gateway computer to a port of the mail host.
func dial(t *testing.T, n *Network, port string) (net.Conn, error) {
	t.Helper()
	var conn net.Conn
	err := n.Host("gw").inside(func() (err error) {
		conn, err = net.DialTimeout("tcp", net.JoinHostPort(n.Getenv("MAIL"), port), 2*time.Second)
		return err
	})
	if conn != nil {
		t.Cleanup(func() { conn.Close() })
		conn.SetDeadline(time.Now().Add(5 * time.Second))
	}
	return conn, err
}

// hears reads what the mail host says within a short time, up to limit bytes.
func hears(t *testing.T, n *Network, limit int64) (string, error) {
	t.Helper()
	conn, err := dial(t, n, "25")
	if err != nil {
		t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(700 * time.Millisecond))
	got, err := io.ReadAll(io.LimitReader(conn, limit))
	return string(got), err
}

func TestHandlers(t *testing.T) {
	n := Bare(t, Standard)
	mail := n.Host("mail")
	for _, test := range []struct {
		name   string
		handle Handler
		want   string // what is heard first
		open   bool   // and then the connection stays open
	}{
		{"silent", Silent, "", true},
		{"closed", Close, "", false},
		{"says", Says("421 go away\r\n"), "421 go away\r\n", true},
		{"dribbles", Dribbles("220 a\r\n", 10*time.Millisecond), "220 a\r\n", true},
		{"late", Late(300*time.Millisecond, Says("220 b\r\n")), "220 b\r\n", true},
		{"too late", Late(time.Minute, Says("220 b\r\n")), "", true},
		{"HTTP", HTTP(100 * time.Millisecond), "HTTP/1.1 408 Request Timeout\r\n", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			mail.Serve(25, test.handle)
			got, err := hears(t, n, 1<<20)
			if !strings.HasPrefix(got, test.want) || test.want == "" && got != "" {
				t.Errorf("heard %q, want %q", got, test.want)
			}
			if open := os.IsTimeout(err); open != test.open {
				t.Errorf("open afterwards: %v (%v), want %v", open, err, test.open)
			}
		})
	}
	t.Run("endless", func(t *testing.T) {
		mail.Serve(25, EndlessLine("220 "))
		got, err := hears(t, n, 1<<20)
		if err != nil || len(got) != 1<<20 || !strings.HasPrefix(got, "220 xxx") || strings.Contains(got, "\n") {
			t.Errorf("heard %d bytes, %v, of a line without an end", len(got), err)
		}
	})
	t.Run("talks", func(t *testing.T) {
		mail.Serve(25, Says("220 hello\r\n"))
		conn, err := dial(t, n, "25")
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, "EHLO x\r\nSTARTTLS\r\nQUIT\r\n")
		got, err := io.ReadAll(conn)
		if want := "220 hello\r\n250 stub\r\n502 5.5.1 Not here\r\n221 2.0.0 Bye\r\n"; err != nil || string(got) != want {
			t.Errorf("heard %q, %v, want %q", got, err, want)
		}
	})
}

func TestMailFaults(t *testing.T) {
	n := New(t, Standard)
	gw, mail := n.Host("gw"), n.Host("mail")
	gw.Sh(greets)

	mail.PauseMail()
	if got, err := hears(t, n, 100); got != "" || !os.IsTimeout(err) {
		t.Errorf("a paused Postfix said %q, %v", got, err)
	}
	mail.StartMail(Mail{ProcessLimit: 1})
	mail.OccupyMail(1)
	if got, err := hears(t, n, 100); got != "" || !os.IsTimeout(err) {
		t.Errorf("an occupied Postfix said %q, %v", got, err)
	}
	mail.StopMail()
	if _, err := dial(t, n, "25"); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("a stopped Postfix answers: %v", err)
	}
	mail.StartMail(Mail{Settings: "smtpd_banner = $myhostname ready"})
	conn, err := dial(t, n, "25")
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := bufio.NewReader(conn).ReadString('\n'); !strings.HasPrefix(got, "220 "+n.MailName+" ready") {
		t.Errorf("with a banner of its own Postfix said %q", got)
	}
	log, err := os.ReadFile(mail.MailLog())
	if err != nil || !strings.Contains(string(log), "postfix/smtpd") {
		t.Errorf("Postfix's log: %v\n%s", err, log)
	}
}

func TestDNSFaults(t *testing.T) {
	n := New(t, Standard)
	gw, server := n.Host("gw"), n.Host("dns")
	ask := func(what, want string) {
		t.Helper()
		if out, err := gw.Try("dig +tries=1 +timeout=1 " + what); !strings.Contains(out, want) {
			t.Errorf("dig %s does not say %q: %v\n%s", what, want, err, out)
		}
	}
	ask("$NAME", "status: NOERROR")
	ask("missing.$DOMAIN", "status: NXDOMAIN")
	server.PauseDNS()
	ask("$NAME", "timed out")
	server.StartDNS(DNS{Records: "txt-record=$NAME,nothing"})
	ask("$NAME", "status: NOERROR")
	ask("$NAME", "ANSWER: 0")
	server.StopDNS()
	ask("$NAME", "connection refused")
	server.ServeDNS(Rcode(dns.RcodeServerFailure))
	ask("$NAME", "status: SERVFAIL")
	server.ServeDNS(n.Truncating())
	ask("+ignore $NAME", "flags: qr tc")
	ask("$NAME", "Truncated, retrying in TCP mode")
	ask("+short $NAME", n.Getenv("MAIL"))
}
