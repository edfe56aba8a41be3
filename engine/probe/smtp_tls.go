package probe

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
)

// smtpTLS is what came of STARTTLS (RFC 3207).
type smtpTLS struct {
	offered     bool
	version     string // "" without a session
	certificate *x509.Certificate
	verified    bool
	problem     string
}

// mostDays is more than a time.Duration spans, either way: longer ones are cut.
const mostDays = 106_752

// fields are the attributes of tls; negotiated says that a session was wanted.
func (t *smtpTLS) fields(negotiated bool) fields {
	f := fields{"offered": t.offered}
	if !negotiated {
		return f
	}
	f["version"], f["expires_in_days"], f["problem"] = nil, nil, nil
	f["names"] = []string{}
	f["verified"] = t.verified
	if t.version != "" {
		f["version"] = t.version
	}
	if t.certificate != nil {
		f["names"] = certificateNames(t.certificate)
		f["expires_in_days"] = int(math.Floor(time.Until(t.certificate.NotAfter).Hours() / 24))
	}
	if !t.verified {
		f["problem"] = cmp.Or(t.problem, "the dialogue did not get so far")
	}
	return f
}

// startTLS asks for a TLS session, looks at the certificate without letting it
// decide anything, and introduces itself again as RFC 3207, 4.2 wants it.
func (d *smtpDialogue) startTLS() {
	if !d.tls.offered && d.starttls == "try" {
		d.tls.problem = "the server does not offer STARTTLS"
		return
	}
	reply, ok := d.command("STARTTLS", replyPatience)
	switch {
	case !ok:
		d.tls.problem = "STARTTLS was not answered"
		return
	case reply.code != smtpReady:
		d.tls.problem = "STARTTLS was answered with " + oneLine(reply.raw)
		return
	case d.reader.Buffered() > 0:
		// It would be taken for a part of the session, which it is not
		// (CVE-2011-0411).
		d.tls.problem = "the server sent something between its reply to STARTTLS and the session"
		d.broken = true
		return
	}

	session := tls.Client(d.conn, observingTLSConfig(d.serverName))
	netconn.SetDeadline(d.ctx, d.conn, replyPatience)
	began := time.Now()
	if err := session.HandshakeContext(d.ctx); err != nil {
		d.tls.problem = fmt.Sprintf("the TLS handshake failed: %s", oneLine([]byte(err.Error())))
		d.noteHandshake(began, err)
		return
	}
	state := session.ConnectionState()
	d.tls.version = tls.VersionName(state.Version)
	d.tls.certificate = state.PeerCertificates[0]
	if err := verifyCertificate(state.PeerCertificates, d.serverName, d.roots); err != nil {
		d.tls.problem = strings.TrimPrefix(oneLine([]byte(err.Error())), "x509: ")
	} else {
		d.tls.verified = true
	}
	d.use(session)
	d.introduce()
}

// observingTLSConfig accepts every certificate and every version that can
// still be spoken: the probe is to see what is there.
func observingTLSConfig(serverName string) *tls.Config {
	var suites []uint16
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		suites = append(suites, suite.ID)
	}
	return &tls.Config{
		ServerName:         serverName,
		InsecureSkipVerify: true, // verifyCertificate looks, and nothing secret is sent
		MinVersion:         tls.VersionTLS10,
		CipherSuites:       suites,
	}
}

// verifyCertificate checks a chain as a client that insists would; roots nil
// are this computer's.
func verifyCertificate(chain []*x509.Certificate, name string, roots *x509.CertPool) error {
	intermediates := x509.NewCertPool()
	for _, certificate := range chain[1:] {
		intermediates.AddCert(certificate)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{DNSName: name, Intermediates: intermediates, Roots: roots})
	return err
}

// certificateNames are the names of a certificate (RFC 5280, 4.2.1.6).
func certificateNames(certificate *x509.Certificate) []string {
	names := []string{}
	for _, name := range certificate.DNSNames {
		names = append(names, oneLine([]byte(name)))
	}
	for _, ip := range certificate.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}
