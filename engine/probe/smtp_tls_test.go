package probe

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

// certify makes a certificate that signs itself.
func certify(t testing.TB, validUntil time.Time, names ...string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.example"},
		NotBefore: validUntil.Add(-365 * 24 * time.Hour), NotAfter: validUntil,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// tlsServer offers what extensions says (lines of an EHLO reply) and answers
// STARTTLS with answer; if that is a 220, it goes on with TLS and another list
// of extensions. The SNI that it was sent goes to sni.
func tlsServer(extensions, answer string, config *tls.Config, heard chan<- []string) func(net.Conn) {
	return func(conn net.Conn) {
		var lines []string
		defer func() { heard <- lines }()
		io.WriteString(conn, "220 mail.example\r\n")
		reader := bufio.NewReader(conn)
		for {
			line, err := reader.ReadString('\n')
			if err != nil {
				return
			}
			lines = append(lines, strings.TrimSpace(line))
			switch verb, _, _ := strings.Cut(strings.TrimSpace(line), " "); verb {
			case "EHLO":
				io.WriteString(conn, "250-mail.example\r\n"+extensions+"250 8BITMIME\r\n")
			case "STARTTLS":
				io.WriteString(conn, answer)
				if !strings.HasPrefix(answer, "220") {
					continue
				}
				session := tls.Server(conn, config)
				if session.Handshake() != nil {
					return
				}
				conn, reader, extensions = session, bufio.NewReader(session), "250-AUTH PLAIN\r\n"
			case "QUIT":
				io.WriteString(conn, "221 bye\r\n")
				return
			}
		}
	}
}

func TestSMTPStartTLS(t *testing.T) {
	soon := time.Now().Add(30*24*time.Hour + time.Hour)
	valid := &tls.Config{Certificates: []tls.Certificate{certify(t, soon, "mail.example", "127.0.0.1")}}
	expired := &tls.Config{Certificates: []tls.Certificate{certify(t, time.Now().Add(-36*time.Hour), "127.0.0.1")}}
	old := valid.Clone()
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS10
	const offer = "250-STARTTLS\r\n"
	none := map[string]any{"offered": false, "version": nil, "names": []any{}, "expires_in_days": nil, "verified": false}
	with := func(changes map[string]any) map[string]any {
		all := map[string]any{}
		for _, m := range []map[string]any{none, changes} {
			for k, v := range m {
				all[k] = v
			}
		}
		return all
	}
	names := []any{"mail.example", "127.0.0.1"}

	for name, test := range map[string]struct {
		mode, extensions, answer string
		config                   *tls.Config
		tls                      map[string]any
		problem                  string // part of it
		heard                    string
	}{
		"off":        {"off", offer, "", nil, map[string]any{"offered": true, "version": unknown, "names": unknown, "expires_in_days": unknown, "verified": unknown}, unknown, "EHLO QUIT"},
		"try":        {"try", offer, "220 go\r\n", valid, with(map[string]any{"offered": true, "version": "TLS 1.3", "names": names, "expires_in_days": 30.0}), "certificate signed by unknown authority", "EHLO STARTTLS EHLO QUIT"},
		"old":        {"try", offer, "220 go\r\n", old, with(map[string]any{"offered": true, "version": "TLS 1.0", "names": names, "expires_in_days": 30.0}), "certificate signed by unknown authority", "EHLO STARTTLS EHLO QUIT"},
		"expired":    {"try", offer, "220 go\r\n", expired, with(map[string]any{"offered": true, "version": "TLS 1.3", "names": []any{"127.0.0.1"}, "expires_in_days": -2.0}), "certificate has expired", "EHLO STARTTLS EHLO QUIT"},
		"not there":  {"try", "", "", nil, none, "the server does not offer STARTTLS", "EHLO QUIT"},
		"stripped":   {"require", "250-XXXXXXXA\r\n", "220 go\r\n", valid, with(map[string]any{"version": "TLS 1.3", "names": names, "expires_in_days": 30.0}), "certificate signed by unknown authority", "EHLO STARTTLS EHLO QUIT"},
		"not known":  {"require", "", "502 what?\r\n", nil, none, "STARTTLS was answered with 502 what?", "EHLO STARTTLS QUIT"},
		"not now":    {"try", offer, "454 no\r\n", nil, with(map[string]any{"offered": true}), "STARTTLS was answered with 454 no", "EHLO STARTTLS QUIT"},
		"injected":   {"try", offer, "220 go\r\n250 trust me\r\n", nil, with(map[string]any{"offered": true}), "the server sent something between", "EHLO STARTTLS"},
		"no session": {"try", offer, "220 go\r\n", &tls.Config{}, with(map[string]any{"offered": true}), "the TLS handshake failed: ", "EHLO STARTTLS"},
	} {
		t.Run(name, func(t *testing.T) {
			heard := make(chan []string, 1)
			port := listenLocally(t, tlsServer(test.extensions, test.answer, test.config, heard))
			result := plain(mustAsk(t, "smtp", &engine.World{}, "127.0.0.1",
				map[string]cty.Value{"port": number(port), "starttls": cty.StringVal(test.mode)})).(map[string]any)
			got := result["tls"].(map[string]any)
			if problem, _ := got["problem"].(string); !strings.Contains(problem, test.problem) {
				t.Errorf("problem %q, want %q in it", problem, test.problem)
			}
			delete(got, "problem")
			diff(t, "tls", test.tls, got)
			if got["version"] != nil && got["version"] != unknown {
				diff(t, "extensions", any([]any{"AUTH PLAIN", "8BITMIME"}), result["extensions"])
			}
			diff(t, "code", any(220.0), result["code"])
			var verbs []string
			for _, line := range <-heard {
				verb, _, _ := strings.Cut(line, " ")
				verbs = append(verbs, verb)
			}
			diff(t, "what the server heard", test.heard, strings.Join(verbs, " "))
		})
	}
}

func TestSMTPServerName(t *testing.T) {
	config := &tls.Config{Certificates: []tls.Certificate{certify(t, time.Now().Add(time.Hour), "mail.example")}}
	sni := make(chan string, 1)
	config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		sni <- hello.ServerName
		return nil, nil
	}
	heard := make(chan []string, 1)
	port := listenLocally(t, tlsServer("250-STARTTLS\r\n", "220 go\r\n", config, heard))
	mustAsk(t, "smtp", &engine.World{}, "127.0.0.1", map[string]cty.Value{
		"port": number(port), "starttls": cty.StringVal("try"), "server_name": cty.StringVal("mail.example")})
	diff(t, "server name", "mail.example", <-sni)
}

func TestSMTPTrustedCertificate(t *testing.T) {
	certificate := certify(t, time.Now().Add(49*time.Hour), "mail.example")
	roots := x509.NewCertPool()
	roots.AddCert(certificate.Leaf)
	heard := make(chan []string, 1)
	ours, theirs := net.Pipe()
	go tlsServer("250-STARTTLS\r\n", "220 go\r\n", &tls.Config{Certificates: []tls.Certificate{certificate}}, heard)(theirs)

	d := &smtpDialogue{ctx: t.Context(), starttls: "try", serverName: "mail.example", roots: roots}
	d.hold(ours)
	<-heard
	diff(t, "tls", fields{
		"offered": true, "version": "TLS 1.3", "names": []string{"mail.example"}, "expires_in_days": 2, "verified": true, "problem": nil,
	}, d.tls.fields(true))
}

func TestVerifyCertificate(t *testing.T) {
	leaf := certify(t, time.Now().Add(time.Hour), "mail.example", "192.0.2.25").Leaf
	expired := certify(t, time.Now().Add(-time.Hour), "mail.example").Leaf
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	roots.AddCert(expired)
	for _, test := range []struct {
		certificate *x509.Certificate
		name        string
		roots       *x509.CertPool
		want        string // part of the problem; "" for none
	}{
		{leaf, "mail.example", roots, ""},
		{leaf, "192.0.2.25", roots, ""},
		{leaf, "other.example", roots, "not other.example"},
		{leaf, "mail.example", x509.NewCertPool(), "unknown authority"},
		{expired, "mail.example", roots, "expired"},
	} {
		err := verifyCertificate([]*x509.Certificate{test.certificate}, test.name, test.roots)
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", test.name, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: %v, want %q in it", test.name, err, test.want)
		}
	}
}
